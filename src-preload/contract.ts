/**
 * The contract between the core and whoever looks at it: every command and query with its input and
 * output, every event with its payload. A host is one loop over these tables. Sound crosses beside
 * them, as packets (audio-packet.ts).
 */
import { z } from 'zod';
import { agentCommands, agentEvents, approvals } from './agents-contract.ts';
import { type FaultView, fault } from './fault-view.ts';
import { inspectionCommands } from './inspection.ts';
import { logCommands, logEvents } from './log-contract.ts';
import { pricesCommands } from './prices-contract.ts';
import { roomCommands, roomEvents } from './rooms-contract.ts';
import { STAGES, settingsPatchSchema, settingsSchema } from './settings.ts';
import { phase, turn } from './turn-view.ts';
import { vadLabCommands, vadLabEvents } from './vad-lab-contract.ts';

export type {
  AnchorView,
  BackupView,
  ErasureReport,
  ExportSelection,
  RedactionPart,
  RetentionReport,
  SearchHit,
  SearchInput,
  UsageSum,
  UsageSummaryInput,
  Verification,
} from './log-contract.ts';
export type { LoggedFaultView, ServerRecordingView, SessionView, TurnView } from './turn-view.ts';
export type { FaultView };

const stageStatus = z.object({
  provider: z.enum(['openai', 'practice']),
  /** `openai/whisper-1`. */
  label: z.string(),
  baseUrl: z.string().nullable(),
  /** Where the key in force comes from; never the key. */
  key: z.enum(['none', 'stored', 'session', 'environment']),
});

/** Something the user should know that is not an error of one turn: a settings file set aside, a recovered recording. */
const notice = z.object({
  id: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
  hint: z.string(),
});
export type NoticeView = z.infer<typeof notice>;

const app = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser', 'cli']),
  platform: z.string(),
  home: z.string(),
  settings: settingsSchema,
  stages: z.object({ stt: stageStatus, llm: stageStatus, tts: stageStatus }),
  /** Whether keys survive a restart, and if not, why. */
  keyStorage: z.object({ persistent: z.boolean(), note: z.string() }),
  notices: z.array(notice),
});
export type AppView = z.infer<typeof app>;

const conversation = z.object({
  sessionId: z.string().nullable(),
  /** Who listens now: another after a handoff. */
  agentId: z.string(),
  phase,
  /** The turn in flight; null when idle. */
  turnId: z.string().nullable(),
  /** The take whose sound is awaited; null when the microphone should be closed. */
  takeId: z.number().nullable(),
  /** True while the microphone stays open without a held key. */
  locked: z.boolean(),
  /** True while nothing of this conversation is kept: no words, no sound, no requests. */
  private: z.boolean(),
});
export type ConversationView = z.infer<typeof conversation>;

const nothing = z.object({});
const id = z.string().min(1).max(100);
/** Chosen by the window at key down; the stream number of its capture packets. */
const takeId = z.int().min(1).max(0xffffffff);

export const commands = {
  ...agentCommands,
  ...inspectionCommands,
  ...logCommands,
  ...pricesCommands,
  ...roomCommands,
  ...vadLabCommands,

  'app.get': { input: nothing, output: app },
  'app.dismissNotice': { input: z.object({ id }), output: nothing },

  'settings.update': { input: settingsPatchSchema, output: settingsSchema },
  /** `key: null` forgets it. Without a stage the key is for all three. */
  'settings.setKey': {
    input: z.object({ stage: z.enum(STAGES).nullable(), key: z.string().min(1).max(1_000).nullable() }),
    output: nothing,
  },
  /** Really calls the stage's provider, once, with a small request. */
  'settings.test': {
    input: z.object({ stage: z.enum(STAGES) }),
    output: z.object({ ok: z.boolean(), elapsedMs: z.number(), detail: z.string(), error: fault.nullable() }),
  },
  /** Speech servers that answer on their usual local ports. */
  'servers.discover': {
    input: nothing,
    output: z.array(z.object({ name: z.string(), baseUrl: z.string(), models: z.array(z.string()) })),
  },

  'conversation.get': { input: nothing, output: z.object({ conversation, turns: z.array(turn), approvals }) },
  /** With the agent of the settings, or another. One that speaks first is heard in the window that asks. */
  'conversation.new': {
    /** `sessionId`: goes on with a conversation of the log. `private`: nothing of it is kept. */
    input: z.object({ agentId: id.optional(), sessionId: id.optional(), private: z.boolean().optional() }),
    output: nothing,
  },

  /** The talk key went down, wherever it is: keyboard, pointer. Auto-repeats are not presses. */
  'talk.press': {
    input: z.object({
      takeId,
      input: z.object({ deviceLabel: z.string().max(500).nullable(), processing: z.array(z.string().max(50)).max(10) }),
    }),
    output: nothing,
  },
  /** The key came up, or could not be watched any longer (blur, page hide): `lost`. */
  'talk.release': { input: z.object({ takeId, heldMs: z.number().min(0), lost: z.boolean() }), output: nothing },
  'talk.cancel': { input: nothing, output: nothing },
  /** Stops the reply without starting a turn. */
  'talk.interrupt': { input: nothing, output: nothing },
  /** The microphone could not be opened, or went away in mid-turn. */
  'talk.captureFailed': { input: z.object({ takeId, error: fault }), output: nothing },
  'talk.sendText': {
    input: z.object({ text: z.string().trim().min(1).max(100_000) }),
    output: z.object({ turnId: z.string() }),
  },
  /** This window can be heard: it plays the reply that one that went away, or was loaded again, had not begun to play. */
  'talk.takeOver': { input: nothing, output: nothing },
  /** Sends a turn again from its saved recording or text, in the conversation that it belongs to: that one goes on. */
  'talk.retry': { input: z.object({ turnId: id }), output: z.object({ turnId: z.string() }) },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type CommandName = keyof typeof commands;
export type CommandInput<N extends CommandName> = z.input<(typeof commands)[N]['input']>;
/** The input as the core gets it, with its defaults. */
export type CommandRequest<N extends CommandName> = z.output<(typeof commands)[N]['input']>;
export type CommandOutput<N extends CommandName> = z.output<(typeof commands)[N]['output']>;

export const events = {
  ...agentEvents,
  ...logEvents,
  ...roomEvents,
  ...vadLabEvents,
  'app.changed': app,
  'conversation.changed': conversation,
  'turn.changed': turn,
  /** Words for the clipboard of whoever looks at the window. */
  'clipboard.copy': z.object({ text: z.string() }),
} as const satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

export { TRACKS, type Track } from './recording-path.ts';

/** How every host answers a command. */
export type CommandReply = { readonly output: unknown } | { readonly fault: FaultView };

/**
 * The browser host's WebSocket (`/ws`): text frames are these, binary frames are audio packets, both ways.
 */
export const socketRequestSchema = z.strictObject({ id: z.int().min(0), name: z.string(), input: z.unknown() });
export type SocketRequest = z.infer<typeof socketRequestSchema>;
export type SocketMessage =
  | ({ readonly id: number } & CommandReply)
  | { readonly event: EventName; readonly payload: unknown };
