/**
 * The contract between the core and whoever looks at it: every command and query with its input and
 * output, every event with its payload. A host is one loop over these tables. Sound crosses beside
 * them, as packets (audio-packet.ts).
 */
import { z } from 'zod';
import { agentCommands, agentEvents, approvals, steps } from './agents-contract.ts';
import { EXPORT_FORMATS, EXPORT_TRACKS } from './export-formats.ts';
import { type FaultView, fault } from './fault-view.ts';
import { inspectionCommands } from './inspection.ts';
import { retentionSchema, STAGES, settingsPatchSchema, settingsSchema } from './settings.ts';

export type { FaultView };

/** `idle` is the state between turns; the others belong to the turn in flight. */
const phase = z.enum(['idle', 'arming', 'recording', 'finishing', 'transcribing', 'thinking', 'speaking']);
const outcome = z.enum(['completed', 'no-speech', 'cancelled', 'interrupted', 'failed', 'crashed']);

const timings = z.object({
  releaseToTranscriptMs: z.number().nullable(),
  releaseToFirstTokenMs: z.number().nullable(),
  releaseToFirstAudioMs: z.number().nullable(),
  totalMs: z.number(),
});

const usage = z.object({
  stage: z.enum(STAGES),
  provider: z.string(),
  model: z.string(),
  inputTokens: z.number().optional(),
  cachedInputTokens: z.number().optional(),
  inputAudioTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  outputAudioTokens: z.number().optional(),
  reasoningTokens: z.number().optional(),
  audioMs: z.number().optional(),
  characters: z.number().optional(),
  raw: z.unknown(),
});

/** A turn as a person sees it. A whole one is sent whenever anything in it changed. */
const turn = z.object({
  id: z.string(),
  sessionId: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  source: z.enum(['voice', 'text', 'retry', 'agent']),
  retryOf: z.string().nullable(),
  /** null once the turn has an outcome. */
  phase: phase.nullable(),
  outcome: outcome.nullable(),
  user: z.object({
    /** Words that will not change any more. */
    committed: z.string(),
    /** Words that still may. */
    tentative: z.string(),
    /** Captured sound, in milliseconds; 0 for typed turns. */
    audioMs: z.number(),
    lostFrames: z.number(),
    lateFrames: z.number(),
  }),
  reply: z.object({
    text: z.string(),
    /** How many characters of `text` have been heard aloud. */
    heardLength: z.number(),
    audioMs: z.number(),
    heardMs: z.number(),
  }),
  steps,
  error: fault.nullable(),
  timings: timings.nullable(),
  usage: z.array(usage),
  /** US dollars; null when no price is known for a model used. */
  cost: z.number().nullable(),
  /** Labels of the models used: `openai/whisper-1`. */
  models: z.object({ stt: z.string(), llm: z.string(), tts: z.string() }),
});
export type TurnView = z.infer<typeof turn>;

const session = z.object({
  id: z.string(),
  startedAt: z.number(),
  agentId: z.string(),
  turnCount: z.number(),
  /** First words of the first turn that has any. */
  title: z.string(),
});
export type SessionView = z.infer<typeof session>;

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

/** What can be erased of a turn: its words, its sound, or both. */
const redactionPart = z.enum(['text', 'audio', 'all']);
export type RedactionPart = z.infer<typeof redactionPart>;

const erasure = z.object({
  /** The entry that says what was erased; null when nothing was left to erase. */
  seq: z.number().nullable(),
  contents: z.number(),
  files: z.number(),
  /** False while another program reads the log: freed space then still holds it until Squelch closes. */
  swept: z.boolean(),
});
export type ErasureReport = z.infer<typeof erasure>;

/** What retention erases. */
const retention = z.object({
  sound: z.object({ turns: z.number(), bytes: z.number() }),
  sessions: z.object({ sessions: z.number(), turns: z.number(), bytes: z.number() }),
});
export type RetentionReport = z.infer<typeof retention>;

/** Something that differs from what the chain says. */
const problem = z.object({
  kind: z.enum([
    /** An entry's own bytes are not those that were hashed. */
    'entry-altered',
    /** An entry does not follow from the one before it. */
    'link-broken',
    /** Entries are missing. */
    'gap',
    /** An entry of a kind that this Squelch does not write. */
    'entry-unknown',
    'content-altered',
    'content-missing',
    /** Content that no entry knows. */
    'content-unknown',
    'file-altered',
    'file-missing',
    /** The index of sessions and turns says something else than the entries. */
    'index-differs',
    /** The database contradicts itself, or can't be read. */
    'database-damaged',
    /** The log ends before an anchor: its end was cut off, or an older copy was put back. */
    'tail-cut',
    /** The entry that an anchor names is another one: the log was replaced. */
    'history-replaced',
    /** The anchor belongs to another log. */
    'anchor-foreign',
  ]),
  seq: z.number().nullable(),
  turnId: z.string().nullable(),
  detail: z.string(),
});

const verification = z.object({
  ok: z.boolean(),
  /** The log's id, hex. */
  log: z.string(),
  entries: z.number(),
  /** Hash of the last entry, hex; null for an empty log. */
  head: z.string().nullable(),
  problems: z.array(problem),
  /** What was erased by its owner, when and why. */
  redactions: z.array(
    z.object({
      seq: z.number(),
      at: z.number(),
      sessionId: z.string().nullable(),
      turnId: z.string().nullable(),
      part: redactionPart,
      reason: z.string(),
      contents: z.number(),
    }),
  ),
  /** Gaps that are explained: the database was damaged, and the rest of it carried over. */
  recoveries: z.array(z.object({ seq: z.number(), at: z.number(), reason: z.string(), keptAs: z.string() })),
});
export type Verification = z.infer<typeof verification>;

/** Which turns a search is about; what is left out does not matter. */
const turnFilter = z.strictObject({
  /** Milliseconds since the epoch, when the turn began: from `since` on, before `until`. */
  since: z.number().optional(),
  until: z.number().optional(),
  agentId: z.string().optional(),
  /** The label of a model that was used: `openai/whisper-1`. */
  model: z.string().optional(),
  outcome: outcome.optional(),
  /** From key down to the end of the turn. */
  minDurationMs: z.number().optional(),
  maxDurationMs: z.number().optional(),
  /** US dollars. Turns whose cost is not known pass neither. */
  minCost: z.number().optional(),
  maxCost: z.number().optional(),
  /** Whether a tool was called. */
  hasTools: z.boolean().optional(),
  /** Whether the turn failed or was cut off. */
  hasErrors: z.boolean().optional(),
});

const searchInput = z.object({
  /** Words that must all occur in one text; "in quotes" they must stand together. May be empty if there is a filter. */
  query: z.string().max(1_000),
  filter: turnFilter,
  limit: z.int().min(1).max(500),
});
export type SearchInput = z.output<typeof searchInput>;

const searchHit = z.object({
  sessionId: z.string(),
  turnId: z.string(),
  /** When the turn began, milliseconds since the epoch. */
  at: z.number(),
  role: z.enum(['user', 'agent', 'tool']),
  snippet: z.string(),
  /** Where in `snippet` what was looked for stands: first character and the one after the last. */
  highlights: z.array(z.tuple([z.number(), z.number()]).readonly()).readonly(),
});
export type SearchHit = z.infer<typeof searchHit>;

const usageSummaryInput = z.object({
  /** Milliseconds since the epoch; null for everything. */
  since: z.number().nullable(),
  by: z.enum(['model', 'agent', 'day']),
});
export type UsageSummaryInput = z.output<typeof usageSummaryInput>;

const usageSum = z.object({
  /** `openai/gpt-5-mini`, an agent's id, or a day of this machine's calendar: `2026-11-03`. */
  key: z.string(),
  turns: z.number(),
  calls: z.number(),
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningTokens: z.number(),
  audioMs: z.number(),
  characters: z.number(),
  /** US dollars, of the calls whose price is known. */
  cost: z.number(),
  unpricedCalls: z.number(),
});
export type UsageSum = z.infer<typeof usageSum>;

/** A file in the folder `exports` of the data folder. */
const exported = z.object({
  path: z.string(),
  /** Where the window can load it from. */
  url: z.string(),
  bytes: z.number(),
  durationMs: z.number(),
  turns: z.number(),
});

const nothing = z.object({});
const id = z.string().min(1).max(100);
/** Kept in the log for good. */
const reason = z.string().trim().min(1).max(1_000);
/** Chosen by the window at key down; the stream number of its capture packets. */
const takeId = z.int().min(1).max(0xffffffff);

export const commands = {
  ...agentCommands,
  ...inspectionCommands,

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
  /** Sends a turn again from its saved recording or text. */
  'talk.retry': { input: z.object({ turnId: id }), output: z.object({ turnId: z.string() }) },

  'sessions.list': {
    input: z.object({ before: z.number().nullable(), limit: z.int().min(1).max(500) }),
    output: z.array(session),
  },
  /**
   * Erases words, sound or both of a turn, for good. With its words go the requests of later turns that repeat them; the
   * conversation in progress, if the turn belongs to it, ends.
   */
  'turns.redact': { input: z.object({ turnId: id, part: redactionPart, reason }), output: erasure },
  /** Erases a session, for good. The conversation in progress, if it is that, ends. */
  'sessions.delete': { input: z.object({ sessionId: id, reason }), output: erasure },
  /** A backup now, into the folder of the settings. */
  'backup.run': {
    input: nothing,
    output: z.object({ folder: z.string(), entries: z.number(), files: z.number() }),
  },
  /** What these rules would erase if they were in force now. */
  'retention.preview': { input: retentionSchema, output: retention },
  /** Erases what the rules in the settings say, now instead of once a day. */
  'retention.run': { input: nothing, output: retention },
  /** Recomputes the whole log, or what belongs to one session; `log.verifying` tells how far it is. */
  'log.verify': { input: z.object({ sessionId: id.nullable() }), output: verification },
  /** What was used and what it cost: by day in their order, else what cost most first. */
  'usage.summary': { input: usageSummaryInput, output: z.array(usageSum) },
  /** Newest first. */
  'sessions.search': { input: searchInput, output: z.array(searchHit) },
  /** `exportId` is chosen by the window; `sessions.exporting` tells how far it is. The same session is written anew. */
  'sessions.export': {
    input: z.object({
      exportId: id,
      sessionId: id,
      format: z.enum(EXPORT_FORMATS),
      track: z.enum(EXPORT_TRACKS),
    }),
    output: exported,
  },
  /** Leaves nothing of it behind; `sessions.export` then fails with `export-cancelled`. */
  'sessions.cancelExport': { input: z.object({ exportId: id }), output: nothing },
  'sessions.get': { input: z.object({ sessionId: id }), output: z.object({ session, turns: z.array(turn) }) },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type CommandName = keyof typeof commands;
export type CommandInput<N extends CommandName> = z.input<(typeof commands)[N]['input']>;
export type CommandOutput<N extends CommandName> = z.output<(typeof commands)[N]['output']>;

export const events = {
  ...agentEvents,
  'app.changed': app,
  'conversation.changed': conversation,
  'turn.changed': turn,
  /** Words for the clipboard of whoever looks at the window. */
  'clipboard.copy': z.object({ text: z.string() }),
  /** How much is done, 0 to 1. */
  'sessions.exporting': z.object({ exportId: id, done: z.number() }),
  /** Entries checked so far. */
  'log.verifying': z.object({ checked: z.number(), of: z.number() }),
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
