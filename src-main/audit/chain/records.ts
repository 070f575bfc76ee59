/**
 * What the log's entries hold: their kinds, and the JSON of their contents. Contents are split where somebody may
 * want one part gone and keep the rest: outcome apart from words, words apart from sound.
 */
import type { RedactionPart } from '../../../src-preload/contract.ts';
import type { Level } from '../../audio/level.ts';
import type {
  CaptureReport,
  ServerRecording,
  Speaker,
  ToolCallDecision,
  TurnConfiguration,
  TurnSource,
  TurnTimings,
} from '../../conversation/events.ts';
import type { Outcome, Phase } from '../../conversation/turn.ts';
import type { FaultReport } from '../../fault.ts';
import type { CallStage, Usage } from '../../speech/call.ts';

/** What kinds of entries there are. One that is not here was written by somebody else, or by a newer Squelch. */
export const ENTRY_KINDS = [
  /** `session`. */
  'session_started',
  /** `session`: a session of an earlier run goes on. */
  'session_resumed',
  /** `turn`, `configuration`; with the first turn of a run, and when it has changed, `in-force`. */
  'turn_started',
  /** `capture`. */
  'capture_ended',
  /** `message`. */
  'user_speech',
  /** `message`. */
  'agent_speech',
  /** `call`: the model asked for a function. */
  'tool_call',
  /** `decision`: what the user said to a call that had to be allowed. */
  'tool_decision',
  /** `result`. */
  'tool_result',
  /** `handoff`: another agent took over. */
  'handoff',
  /** `stop`: a hook or a function ended the turn without a (further) reply. */
  'turn_stopped',
  /** `fault`: something went wrong that ended no turn, within one or between two. */
  'fault',
  /** `room-fault`: the same of a room, as it was kept before there were others. */
  'room_fault',
  /** `server-recording`: what the room's server records of the session has begun, or is over. */
  'server_recording',
  /** `usage`. */
  'usage',
  /** `attempt`, `request.body`, `response.body`, `response.chunks`; over a WebSocket `request.chunks` too. */
  'attempt',
  /** `outcome`, `transcript`, `reply`, `vad`, `user.audio`, `agent.audio`. */
  'turn_ended',
  /** `outcome`, `user.audio`, `agent.audio`: found without an end at the next start. */
  'turn_crashed',
  /** `user.audio`, `agent.audio`: sound that could not be filed when its turn ended. */
  'audio_recovered',
  /** `redaction`: contents of a turn or a session were erased. */
  'redaction',
  /** `redaction`: all contents of a session were erased, and the session left the index. */
  'session_deleted',
  /** `recovery`: the database was damaged; what could be read was carried over into a new one. */
  'log_recovered',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export const JSON_TYPE = 'application/json';
export const BYTES_TYPE = 'application/octet-stream';
/** Bytes whose long strings are stored apart, once: a JSON list of texts and of `{ sha256 }` between them (parts.ts). */
export const PARTED_TYPE = 'application/x-squelch-parted+json';
/** Mono samples at 24 kHz; the file around them is a WAV. */
export const SOUND_TYPE = 'audio/pcm;encoding=s16le;rate=24000;channels=1';
export const VAD_WINDOW_MS = 32;
/** One float32 (little-endian) for each window. */
export const VAD_TYPE = `application/x-vad-probabilities;encoding=f32le;windowMs=${VAD_WINDOW_MS}`;

/** What we wrote ourselves; null where it was damaged, of which verification tells: the rest can still be read. */
export function readRecord<T>(bytes: Uint8Array): T | null {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}

export interface SessionRecord {
  readonly agentId: string;
  /** Versions of what wrote the entries that follow. */
  readonly versions: Readonly<Record<string, string>>;
  /** `linux-x64`. */
  readonly platform: string;
}

export interface TurnRecord {
  readonly source: TurnSource;
  readonly retryOf: string | null;
}

/** What else was in force from a turn on, until another one says something else. */
export interface InForceRecord {
  readonly agent: {
    readonly id: string;
    readonly kind: 'shipped' | 'persona' | 'user';
    /** Of the persona or the agent's file, hex; null for agents that come with Squelch. */
    readonly sha256: string | null;
  };
  /** Without what may hold a credential. */
  readonly settings: unknown;
}

export type ConfigurationRecord = TurnConfiguration;
export interface CaptureRecord extends CaptureReport {
  /** How loud it came in; null for silence, and in logs of earlier versions. */
  readonly level?: Level | null;
}
export type UsageRecord = Usage;

export interface UserMessageRecord {
  readonly messageId: string;
  readonly text: string;
  /** An agent gave them as the user's. */
  readonly given?: true;
}

export interface AgentMessageRecord {
  readonly messageId: string | null;
  readonly text: string;
  readonly heardText: string;
  readonly interrupted: boolean;
}

export interface ToolCallRecord {
  readonly callId: string;
  readonly name: string;
  /** The tool server that runs it; null for a function of the agent's own. */
  readonly server: string | null;
  /** JSON as the model wrote it, possibly broken. */
  readonly arguments: string;
}

export interface ToolDecisionRecord {
  readonly callId: string;
  readonly decision: ToolCallDecision;
}

export interface ToolResultRecord {
  readonly callId: string;
  /** What the model was told. */
  readonly output: string;
  readonly isError: boolean;
  readonly durationMs: number;
  /** What the function threw, where the model is only told that it failed. */
  readonly failure: string | null;
}

export interface HandoffRecord {
  readonly from: string | null;
  readonly to: string;
}

export interface StopRecord {
  readonly reason: string;
}

export interface FaultRecord extends Pick<FaultReport, 'code' | 'message' | 'hint'> {
  /** Where: in the conversation itself, in its room, or with a server of tools. */
  readonly source: 'session' | 'room' | 'tools';
  /** What it came of, in the words of what threw it; null when nothing did. Not in logs of earlier versions. */
  readonly cause?: string | null;
  /** Whom it is about; null when it is about nobody. */
  readonly participant: Speaker | null;
}

export type ServerRecordingRecord = ServerRecording;

/** Offsets in milliseconds from the start of the turn, throughout. */
export interface OutcomeRecord {
  readonly outcome: Outcome;
  readonly error: FaultReport | null;
  readonly timings: TurnTimings | null;
  readonly phases: readonly { readonly atMs: number; readonly phase: Phase }[];
}

/** Everything that speech recognition said, as it came. */
export type TranscriptRecord = readonly { readonly atMs: number; readonly text: string; readonly final: boolean }[];

/** The reply as it was generated, spoken and heard. */
export interface ReplyRecord {
  readonly deltas: readonly { readonly atMs: number; readonly text: string }[];
  /** Where in the agent's sound words begin. */
  readonly marks: readonly { readonly sample: number; readonly text: string }[];
  /** When the loudspeaker had played how much, as it reported. */
  readonly playback: readonly { readonly atMs: number; readonly samples: number }[];
  readonly heardSamples: number;
  readonly heardText: string;
}

export type HeaderList = readonly (readonly [name: string, value: string])[];

export type AttemptOutcome = 'completed' | 'failed' | 'aborted';

/**
 * One exchange with a provider, without its bodies. Over a WebSocket (`wss:`) it is what one turn sent and received, each
 * message on a line of its own, whether or not the connection was opened for it.
 */
export interface AttemptRecord {
  readonly stage: CallStage;
  readonly method: string;
  readonly url: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: AttemptOutcome;
  /** Why it failed or was aborted. */
  readonly error: string | null;
  readonly requestHeaders: HeaderList;
  /** Names of what was sent and is not kept because it is, or looks like, a credential. */
  readonly withheld: readonly string[];
  readonly response: AttemptResponse | null;
}

export interface AttemptResponse {
  readonly status: number;
  readonly headers: HeaderList;
  /** The provider's own id for the request. */
  readonly requestId: string | null;
  /** Milliseconds from the start to the headers. */
  readonly headersAtMs: number;
}

/** When each piece of a body came or went, from the start of the attempt; `offset` is its first byte. */
export type ChunksRecord = readonly { readonly offset: number; readonly atMs: number }[];

export interface RedactionRecord {
  readonly reason: string;
  readonly part: RedactionPart;
  readonly contents: readonly { readonly seq: number; readonly name: string }[];
}

/** What was carried over from a damaged database, and what was not. */
export interface RecoveryRecord {
  readonly reason: string;
  /** Where the damaged files are kept, relative to the home folder. */
  readonly keptAs: string;
  readonly entries: number;
  /** First and last entry of each gap. Entries after the last one kept, if there were any, are unknown. */
  readonly lostEntries: readonly (readonly [first: number, last: number])[];
  readonly lostContents: readonly { readonly seq: number; readonly name: string }[];
}
