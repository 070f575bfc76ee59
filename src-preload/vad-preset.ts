/** What can be tuned of voice detection, and presets: such parameters with a name, and where they come from. */
import { z } from 'zod';

const probability = z.number().min(0).max(1);
const milliseconds = z.number().min(0).max(3_600_000);

/** The parameters of Silero's segmentation, with padding before and after told apart, and smoothing. */
export const parametersSchema = z.strictObject({
  /** Speech starts at this probability. */
  threshold: probability,
  /** Speech may end below this one; null is Silero's own: `threshold - 0.15`, at least 0.01. */
  negativeThreshold: probability.nullable(),
  /** Speech that is not longer than this is dropped. */
  minSpeechMs: milliseconds,
  /** Silence that ends a segment. */
  minSilenceMs: milliseconds,
  padBeforeMs: milliseconds,
  padAfterMs: milliseconds,
  /** Longest segment, padding included; null for no limit. */
  maxSpeechMs: milliseconds.nullable(),
  /** Silence longer than this is a good place to cut a segment that became too long. */
  minSilenceAtMaxMs: milliseconds,
  /** Cut such a segment at its longest silence; else at its last one. */
  cutAtLongestSilence: z.boolean(),
  /** Share that each probability keeps of the one before it, so that a single window decides less; 0 is none. */
  smoothing: z.number().min(0).max(0.95).default(0),
});
export type VadParameters = z.output<typeof parametersSchema>;

export const costWeightsSchema = z.strictObject({
  miss: z.number().min(0).max(1_000),
  falseAlarm: z.number().min(0).max(1_000),
});

export const PRESET_FORMAT = 'squelch-vad-preset/1';

export const presetSchema = z.strictObject({
  format: z.literal(PRESET_FORMAT),
  name: z.string().min(1).max(100),
  /** What it is meant for, and where its values are from. */
  note: z.string().max(2_000),
  parameters: parametersSchema,
  /** Of the weights it was found with, hex; null when nobody said. */
  modelSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** What it was found on; null when it was not tuned by Squelch. */
  data: z.strictObject({ recordings: z.int(), minutes: z.number(), labels: z.int() }).nullable(),
  score: z
    .strictObject({
      objective: z.string(),
      /** On the recordings it was chosen by. */
      train: z.number(),
      /** On recordings it was not chosen by; null when there were none to hold out. */
      heldOut: z.number().nullable(),
      /** 95 % confidence of the held-out score, by bootstrap over the recordings. */
      interval: z.tuple([z.number(), z.number()]).nullable(),
      seed: z.int(),
      /** What a miss and a false alarm weighed in it; null when its objective counts no cost, or nobody said. */
      cost: costWeightsSchema.nullable().default(null),
    })
    .nullable(),
});
export type Preset = z.output<typeof presetSchema>;
