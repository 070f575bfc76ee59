/** The part of the contract that shows by which prices costs are computed. */
import { z } from 'zod';

const amount = z.number().nullable();

const price = z.object({
  /** `api.openai.com`. */
  server: z.string(),
  model: z.string(),
  /** First day on which it holds, `2026-11-01`; null until the first one that has a day. */
  from: z.string().nullable(),
  /** From the user's file, else one that comes with Squelch. */
  own: z.boolean(),
  /** US dollars per million tokens, and so on as docs/prices.md says; null where it has none. */
  input: amount,
  cachedInput: amount,
  audioInput: amount,
  output: amount,
  audioOutput: amount,
  perMinute: amount,
  perMillionCharacters: amount,
});
export type PriceView = z.infer<typeof price>;

export const pricesCommands = {
  /** Those in force since the start. */
  'prices.list': {
    input: z.object({}),
    output: z.object({
      /** Where the user's own stand. */
      file: z.string(),
      prices: z.array(price),
    }),
  },
} as const;
