/** How a turn and its session are shown, live and from the log. */
import { z } from 'zod';
import { steps } from './agents-contract.ts';
import { fault } from './fault-view.ts';
import { STAGES } from './settings.ts';

/** `idle` is the state between turns; the others belong to the turn in flight. */
export const phase = z.enum(['idle', 'arming', 'recording', 'finishing', 'transcribing', 'thinking', 'speaking']);
export const outcome = z.enum(['completed', 'no-speech', 'cancelled', 'interrupted', 'failed', 'crashed']);

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

/** What can be erased of a turn: its words, its sound, or both. */
export const redactionPart = z.enum(['text', 'audio', 'all']);

const redaction = z.object({
  /** The entry that says so. */
  seq: z.number(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  part: redactionPart,
  reason: z.string(),
});

/** A turn as a person sees it. A whole one is sent whenever anything in it changed. */
export const turn = z.object({
  id: z.string(),
  sessionId: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  /** Who listened when it began. */
  agentId: z.string(),
  source: z.enum(['voice', 'text', 'retry', 'agent']),
  retryOf: z.string().nullable(),
  /** Who spoke or wrote, in a room with several people; null is whoever sits at this machine. */
  speaker: z.object({ identity: z.string(), name: z.string() }).nullable(),
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
  /** What its owner erased of it, oldest first: why words or sound are missing. */
  redactions: z.array(redaction),
  error: fault.nullable(),
  timings: timings.nullable(),
  usage: z.array(usage),
  /** US dollars; null when no price is known for a model used. */
  cost: z.number().nullable(),
  /** Labels of the models used: `openai/whisper-1`. */
  models: z.object({ stt: z.string(), llm: z.string(), tts: z.string() }),
});
export type TurnView = z.infer<typeof turn>;

/** Something that went wrong in a session and ended no turn. */
export const loggedFault = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** The turn in flight; null between turns. */
  turnId: z.string().nullable(),
  /** Where: in the conversation itself, in its room, or with a server of tools. */
  source: z.enum(['session', 'room', 'tools']),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  /** What it came of, in the words of what threw it; null when nothing did, and in logs of earlier versions. */
  cause: z.string().nullable(),
  /** Whom it is about; null when it is about nobody. */
  participant: z.object({ identity: z.string(), name: z.string() }).nullable(),
});
export type LoggedFaultView = z.infer<typeof loggedFault>;

/** What the server of a session's room recorded of it, as that server said. */
export const serverRecording = z.object({
  /** LiveKit's id for it. */
  egressId: z.string(),
  room: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  /** null as long as it goes on, or when Squelch ended before it. */
  endedAt: z.number().nullable(),
  /** `unknown`: the server did not say how it ended. */
  status: z.enum(['starting', 'active', 'ending', 'complete', 'failed', 'aborted', 'limit-reached', 'unknown']),
  /** On the storage of the Egress service. */
  files: z.array(z.object({ name: z.string(), location: z.string(), durationMs: z.number(), bytes: z.number() })),
  error: z.string().nullable(),
});
export type ServerRecordingView = z.infer<typeof serverRecording>;

export const session = z.object({
  id: z.string(),
  startedAt: z.number(),
  agentId: z.string(),
  turnCount: z.number(),
  /** First words of the first turn that has any. */
  title: z.string(),
});
export type SessionView = z.infer<typeof session>;
