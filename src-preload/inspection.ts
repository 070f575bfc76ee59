/** The part of the contract that shows a turn's evidence: when it did what, and exactly what went to and fro. */
import { z } from 'zod';
import { fault } from './fault-view.ts';

const headers = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();

/** Text as it is; anything else by its length and digest. `redacted`: its owner erased it, with this turn or an earlier one. */
const body = z.union([
  z.object({ text: z.string() }),
  z.object({ byteLength: z.number(), sha256: z.string() }),
  z.object({ redacted: z.literal(true) }),
]);
export type BodyView = z.infer<typeof body>;

/** When each piece of a body came or went, from the start of the request; `offset` is its first byte. */
const chunks = z.array(z.object({ offset: z.number(), atMs: z.number() })).readonly();
export type ChunksView = z.infer<typeof chunks>;

/** One attempt: a retry is a request of its own. */
const request = z.object({
  /** `stt`, `llm`, `tts` or `tool`. */
  stage: z.string(),
  method: z.string(),
  url: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  durationMs: z.number(),
  outcome: z.enum(['completed', 'failed', 'aborted']),
  error: z.string().nullable(),
  /** How often the same was sent before. */
  retry: z.number(),
  /** null when no answer came. */
  status: z.number().nullable(),
  /** The provider's own id. */
  requestId: z.string().nullable(),
  headers,
  /** Names of headers that hold credentials and were not kept. */
  withheld: z.array(z.string()).readonly(),
  body: body.nullable(),
  /** When each message went out over a WebSocket; empty for plain requests. */
  chunks,
  response: z
    .object({
      /** From the start of the request. */
      headersAtMs: z.number(),
      headers,
      body: body.nullable(),
      chunks,
    })
    .nullable(),
});
export type RequestView = z.infer<typeof request>;

/** What voice detection measured and decided, on the turn's recording. */
const vad = z.object({
  /** How long each window is that has a probability. */
  windowMs: z.number(),
  /** Of speech, 0 to 1 in thousandths, window by window; empty when there was no recording, or it was redacted. */
  probabilities: z.array(z.number()).readonly(),
  segments: z.array(z.object({ startMs: z.number(), endMs: z.number() })).readonly(),
  threshold: z.number().nullable(),
  /** Hex; null when the turn was typed. */
  modelSha256: z.string().nullable(),
  error: fault.nullable(),
});

/** When words sound in a recording. */
const wordTimes = z
  .array(
    z.object({
      /** Where it stands in the text: first character and the one after the last, in UTF-16 units. */
      from: z.number(),
      to: z.number(),
      /** From the start of the recording. */
      startMs: z.number(),
      endMs: z.number(),
    }),
  )
  .readonly();

const inspection = z.object({
  turnId: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  /** From the start of the turn. */
  phases: z.array(z.object({ atMs: z.number(), phase: z.string() })).readonly(),
  requests: z.array(request).readonly(),
  vad,
  /** Where the sound came from, and how loud it was; null when the configuration was redacted. */
  input: z
    .object({
      deviceLabel: z.string().nullable(),
      processing: z.array(z.string()).readonly(),
      /** Squelch itself applies no gain. */
      level: z.object({ rmsDbfs: z.number().nullable(), peakDbfs: z.number().nullable() }).nullable(),
    })
    .nullable(),
  /** Everything that speech recognition said, as it came. */
  transcript: z.array(z.object({ atMs: z.number(), text: z.string(), final: z.boolean() })).readonly(),
  /** What was in force; null where the log does not have it. */
  instructions: z.string().nullable(),
  vadOptions: z.record(z.string(), z.union([z.number(), z.null()])).nullable(),
  agent: z.object({ id: z.string(), kind: z.string(), sha256: z.string().nullable() }).nullable(),
  settings: z.object({ text: z.string(), sha256: z.string() }).nullable(),
  /** The run of Squelch that wrote it. */
  run: z.object({ at: z.number(), versions: z.record(z.string(), z.string()), platform: z.string() }).nullable(),
});
export type InspectionView = z.infer<typeof inspection>;

/** What a player shows of a turn: far less than its evidence, for it is asked turn by turn. */
const sound = z.object({
  turnId: z.string(),
  vad,
  /**
   * Estimates: of `user.committed`, spread over the speech that was found; of `reply.text`, within the pieces that were
   * given to the voice, each of which begins where it says.
   */
  words: z.object({ user: wordTimes, agent: wordTimes }),
});
export type WordTimes = z.infer<typeof wordTimes>;
export type SoundView = z.infer<typeof sound>;

const ofTurn = z.object({ turnId: z.string().min(1).max(100) });

export const inspectionCommands = {
  'turns.inspect': { input: ofTurn, output: inspection },
  'turns.sound': { input: ofTurn, output: sound },
} as const;
