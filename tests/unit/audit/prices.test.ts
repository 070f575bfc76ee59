import { expect, it } from 'vitest';
import { costOf } from '../../../src-main/audit/prices.ts';
import type { Usage } from '../../../src-main/speech/call.ts';

function usage(part: Partial<Usage>): Usage {
  return { stage: 'llm', provider: 'openai', model: 'gpt-5-mini', raw: null, ...part };
}

it('prices fresh, cached and generated tokens', () => {
  const cost = costOf([usage({ inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 100_000 })]);
  expect(cost).toBeCloseTo(0.6 * 0.25 + 0.4 * 0.025 + 0.1 * 2);
});

it('prices sound by the minute and text by the character', () => {
  expect(costOf([usage({ stage: 'stt', model: 'whisper-1', audioMs: 30_000 })])).toBeCloseTo(0.003);
  expect(costOf([usage({ stage: 'tts', model: 'tts-1', characters: 2_000 })])).toBeCloseTo(0.03);
});

it('prices a dated snapshot as its model', () => {
  const tokens = { inputTokens: 1_000, outputTokens: 1_000 };
  expect(costOf([usage({ ...tokens, model: 'gpt-5-mini-2025-08-07' })])).toBe(costOf([usage(tokens)]));
});

it('adds up a turn, and knows no total when one price is not known', () => {
  const known = usage({ stage: 'stt', model: 'whisper-1', audioMs: 60_000 });
  expect(costOf([known, known])).toBeCloseTo(0.012);
  expect(costOf([known, usage({ model: 'my-own-model', inputTokens: 1, outputTokens: 1 })])).toBeNull();
  expect(costOf([usage({})])).toBeNull();
  expect(costOf([])).toBeNull();
});

it('charges nothing for practice, and does not guess what another server charges', () => {
  expect(costOf([usage({ provider: 'practice', model: 'guide' })])).toBe(0);
  const local = usage({ stage: 'stt', model: 'whisper-1', audioMs: 60_000 });
  expect(costOf([local], new Set(['stt']))).toBeNull();
});
