/** The part of the contract that shows a turn's evidence: when it did what, and exactly what went to and fro. */
import { z } from 'zod';

const headers = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();

/** Text as it is; anything else by its length and digest. */
const body = z.union([z.object({ text: z.string() }), z.object({ byteLength: z.number(), sha256: z.string() })]);
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

const inspection = z.object({
  turnId: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  /** From the start of the turn. */
  phases: z.array(z.object({ atMs: z.number(), phase: z.string() })).readonly(),
  requests: z.array(request).readonly(),
});
export type InspectionView = z.infer<typeof inspection>;

export const inspectionCommands = {
  'turns.inspect': { input: z.object({ turnId: z.string().min(1).max(100) }), output: inspection },
} as const;
