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
  response: z
    .object({
      /** From the start of the request. */
      headersAtMs: z.number(),
      headers,
      body: body.nullable(),
    })
    .nullable(),
});
export type RequestView = z.infer<typeof request>;

/** What voice detection measured and decided, on the turn's recording. */
const vad = z.object({
  /** How long each window is that has a probability. */
  windowMs: z.number(),
  /** Of speech, 0 to 1, window by window; empty when there was no recording, or it was redacted. */
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
  /**
   * Estimates: of `user.committed`, spread over the speech that was found; of `reply.text`, within the pieces that were
   * given to the voice, each of which begins where it says.
   */
  words: z.object({ user: wordTimes, agent: wordTimes }),
});
export type WordTimes = z.infer<typeof wordTimes>;
export type InspectionView = z.infer<typeof inspection>;

export const inspectionCommands = {
  'turns.inspect': { input: z.object({ turnId: z.string().min(1).max(100) }), output: inspection },
} as const;
