/** What one model costs at one server, and what a call to it cost. */
import { z } from 'zod';
import type { Usage } from '../../speech/call.ts';

const amount = z.number().min(0);

/** US dollars. A call is billed by tokens where they are given and were reported, else by the minute, else by characters. */
export const priceSchema = z.strictObject({
  /** `api.openai.com`, `localhost:11434`. */
  server: z.string().min(1),
  /** Dated snapshots cost what their model costs, unless they are listed too. */
  model: z.string().min(1),
  /** First day on which it holds, `2026-11-01`; left out, it holds until the first one that has a day. */
  from: z.iso.date().optional(),
  /** Per million tokens: text, and what is not listed apart. */
  input: amount.optional(),
  cachedInput: amount.optional(),
  audioInput: amount.optional(),
  output: amount.optional(),
  audioOutput: amount.optional(),
  /** Of sound sent or received. */
  perMinute: amount.optional(),
  perMillionCharacters: amount.optional(),
  /** Whatever its owner wants to remember of it. */
  note: z.string().max(500).optional(),
});
export type Price = z.infer<typeof priceSchema>;

/** @returns US dollars; null when what the price counts was not reported */
export function costAt(price: Price, usage: Usage): number | null {
  const { input, output, perMinute, perMillionCharacters } = price;
  const { inputTokens, outputTokens, audioMs, characters } = usage;
  if (input !== undefined && output !== undefined && inputTokens !== undefined && outputTokens !== undefined) {
    const { cachedInput = input, audioInput = input, audioOutput = output } = price;
    const { cachedInputTokens: cached = 0, inputAudioTokens: heard = 0, outputAudioTokens: spoken = 0 } = usage;
    // What is both heard and cached is counted as cached.
    const heardAnew = Math.min(heard, Math.max(0, inputTokens - cached));
    const read = Math.max(0, inputTokens - cached - heardAnew);
    const written = Math.max(0, outputTokens - spoken);
    const total =
      read * input + cached * cachedInput + heardAnew * audioInput + written * output + spoken * audioOutput;
    return total / 1_000_000;
  }
  if (perMinute !== undefined && audioMs !== undefined) return (audioMs / 60_000) * perMinute;
  if (perMillionCharacters !== undefined && characters !== undefined) {
    return (characters / 1_000_000) * perMillionCharacters;
  }
  return null;
}
