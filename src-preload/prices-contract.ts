/** The part of the contract that shows by which prices costs are computed, and changes the user's own. */
import { z } from 'zod';

const amount = z.number().nullable();
/** `api.openai.com`, and the model's name there; the first day on which it holds, null until the first one that has a day. */
const key = z.object({
  server: z.string().trim().min(1).max(300),
  model: z.string().trim().min(1).max(300),
  from: z.string().max(10).nullable(),
});
export type PriceKeyView = z.infer<typeof key>;

const amounts = z.object({
  /** US dollars per million tokens, and so on as docs/prices.md says; null where it has none. */
  input: amount,
  cachedInput: amount,
  audioInput: amount,
  output: amount,
  audioOutput: amount,
  perMinute: amount,
  perMillionCharacters: amount,
});
export type PriceAmounts = z.infer<typeof amounts>;

const row = z.object({ ...key.shape, ...amounts.shape, note: z.string().max(500).nullable() });

const price = z.object({
  ...row.shape,
  /** From the user's file, else one that comes with Squelch. */
  own: z.boolean(),
});
export type PriceView = z.infer<typeof price>;

const list = z.object({
  /** Where the user's own stand. */
  file: z.string(),
  /** Why they are not in force; null when they are, or there are none. */
  problem: z.string().nullable(),
  prices: z.array(price),
});

export const pricesCommands = {
  /** Those in force; the file is read anew. */
  'prices.list': { input: z.object({}), output: list },
  /** Adds a row of the user's own, or changes it: `replaced`, if it is of another day or model now. */
  'prices.set': { input: z.object({ price: row, replaced: key.nullable().default(null) }), output: list },
  /** Removes a row of the user's own. */
  'prices.remove': { input: key, output: list },
} as const;
