/**
 * Prices that come with Squelch, in US dollars: OpenAI's, for its standard tier, as public sources repeated them in
 * November 2026. They were not read on OpenAI's own pages, so compare them with an invoice before you rely on them; what
 * differs belongs in `prices.json` of the data folder. Prices per minute of models that are billed by the token are
 * estimates, used where no tokens were reported. A model that is not here costs an unknown amount, which is not nothing.
 */
import type { Price } from './price.ts';

export const OPENAI_SERVER = 'api.openai.com';

const OPENAI: Readonly<Record<string, Omit<Price, 'server' | 'model'>>> = {
  'gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
  'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
  'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, cachedInput: 0.025, output: 0.4 },
  'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
  'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
  'gpt-4o-transcribe': { input: 2.5, audioInput: 6, output: 10, perMinute: 0.006 },
  'gpt-4o-mini-transcribe': { input: 1.25, audioInput: 3, output: 5, perMinute: 0.003 },
  'whisper-1': { perMinute: 0.006 },
  'gpt-4o-mini-tts': { input: 0.6, output: 12, perMinute: 0.015 },
  'tts-1': { perMillionCharacters: 15 },
  'tts-1-hd': { perMillionCharacters: 30 },
};

export const SHIPPED_PRICES: readonly Price[] = Object.entries(OPENAI).map(([model, price]) => ({
  server: OPENAI_SERVER,
  model,
  ...price,
}));
