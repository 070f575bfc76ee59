/**
 * What turns cost, by OpenAI's list prices. Only models whose price was read on their own page are here; anything else
 * costs an unknown amount, which is not nothing.
 * Source: https://developers.openai.com/api/docs/models/<model>, standard tier, read in November 2026; the prices per
 * minute of models that are billed by the token are OpenAI's own estimates, used where it reports no tokens.
 */
import type { CallStage, Usage } from '../speech/call.ts';

/** US dollars. */
interface Price {
  /** Per million tokens. */
  readonly tokens?: { readonly input: number; readonly cachedInput?: number; readonly output: number };
  readonly perMinute?: number;
  readonly perMillionCharacters?: number;
}

const PRICES: Readonly<Record<string, Price>> = {
  'gpt-5': { tokens: { input: 1.25, cachedInput: 0.125, output: 10 } },
  'gpt-5-mini': { tokens: { input: 0.25, cachedInput: 0.025, output: 2 } },
  'gpt-5-nano': { tokens: { input: 0.05, cachedInput: 0.005, output: 0.4 } },
  'gpt-4.1': { tokens: { input: 2, cachedInput: 0.5, output: 8 } },
  'gpt-4.1-mini': { tokens: { input: 0.4, cachedInput: 0.1, output: 1.6 } },
  'gpt-4.1-nano': { tokens: { input: 0.1, cachedInput: 0.025, output: 0.4 } },
  'gpt-4o': { tokens: { input: 2.5, cachedInput: 1.25, output: 10 } },
  'gpt-4o-mini': { tokens: { input: 0.15, cachedInput: 0.075, output: 0.6 } },
  'gpt-4o-transcribe': { tokens: { input: 2.5, output: 10 }, perMinute: 0.006 },
  'gpt-4o-mini-transcribe': { tokens: { input: 1.25, output: 5 }, perMinute: 0.003 },
  'whisper-1': { perMinute: 0.006 },
  'gpt-4o-mini-tts': { tokens: { input: 0.6, output: 12 }, perMinute: 0.015 },
  'tts-1': { perMillionCharacters: 15 },
  'tts-1-hd': { perMillionCharacters: 30 },
};

/**
 * @param elsewhere stages that were served by an OpenAI-compatible server other than OpenAI's: their price is not known,
 * whatever they call their models.
 * @returns US dollars; null when nothing was reported, or something whose price is not known
 */
export function costOf(usage: readonly Usage[], elsewhere: ReadonlySet<CallStage> = new Set()): number | null {
  if (usage.length === 0) return null;
  let total = 0;
  for (const one of usage) {
    const cost = elsewhere.has(one.stage) && one.provider !== 'practice' ? null : costOfOne(one);
    if (cost === null) return null;
    total += cost;
  }
  return total;
}

function costOfOne(usage: Usage): number | null {
  if (usage.provider === 'practice') return 0;
  // Dated snapshots cost what their model costs: gpt-5-mini-2025-08-07.
  const price = PRICES[usage.model.replace(/-\d{4}-\d{2}-\d{2}$/, '')];
  if (usage.provider !== 'openai' || !price) return null;
  const { inputTokens, outputTokens, cachedInputTokens = 0, audioMs, characters } = usage;
  if (price.tokens && inputTokens !== undefined && outputTokens !== undefined) {
    const { input, cachedInput = input, output } = price.tokens;
    const fresh = inputTokens - cachedInputTokens;
    return (fresh * input + cachedInputTokens * cachedInput + outputTokens * output) / 1_000_000;
  }
  if (price.perMinute !== undefined && audioMs !== undefined) return (audioMs / 60_000) * price.perMinute;
  if (price.perMillionCharacters !== undefined && characters !== undefined) {
    return (characters / 1_000_000) * price.perMillionCharacters;
  }
  return null;
}
