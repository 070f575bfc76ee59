import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Price } from '../../../src-main/audit/cost/price.ts';
import { loadPrices, pricesPath, priceTable } from '../../../src-main/audit/cost/price-table.ts';
import type { Usage } from '../../../src-main/speech/call.ts';
import { commands } from '../../../src-preload/contract.ts';
import { temporaryHome } from '../../support/audit.ts';

const AT = Date.UTC(2026, 10, 3);
const nobodyElse = () => null;

function usage(part: Partial<Usage>): Usage {
  return { stage: 'llm', provider: 'openai', model: 'gpt-5-mini', raw: null, ...part };
}

function cost(used: readonly Usage[], own: readonly Price[] = [], server: string | null = null, at = AT) {
  return priceTable(own).costOf(used, at, () => server);
}

describe('what a call costs', () => {
  it('prices fresh, cached and generated tokens', () => {
    const tokens = { inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 100_000 };
    expect(cost([usage(tokens)])).toBeCloseTo(0.6 * 0.25 + 0.4 * 0.025 + 0.1 * 2);
  });

  it('prices heard tokens apart from read ones', () => {
    const heard = { inputTokens: 1_000, inputAudioTokens: 900, outputTokens: 100 };
    const expected = (100 * 1.25 + 900 * 3 + 100 * 5) / 1_000_000;
    expect(cost([usage({ stage: 'stt', model: 'gpt-4o-mini-transcribe', ...heard })])).toBeCloseTo(expected, 12);
  });

  it('prices sound by the minute and text by the character', () => {
    expect(cost([usage({ stage: 'stt', model: 'whisper-1', audioMs: 30_000 })])).toBeCloseTo(0.003);
    expect(cost([usage({ stage: 'tts', model: 'tts-1', characters: 2_000 })])).toBeCloseTo(0.03);
  });

  it('prices a dated snapshot as its model, unless it is listed', () => {
    const tokens = { inputTokens: 1_000, outputTokens: 1_000 };
    const snapshot = usage({ ...tokens, model: 'gpt-5-mini-2025-08-07' });
    expect(cost([snapshot])).toBe(cost([usage(tokens)]));
    const own = [{ server: 'api.openai.com', model: 'gpt-5-mini-2025-08-07', input: 1, output: 1 }];
    expect(cost([snapshot], own)).toBeCloseTo(0.002);
  });

  it('adds up a turn, and knows no total when one price is not known', () => {
    const known = usage({ stage: 'stt', model: 'whisper-1', audioMs: 60_000 });
    expect(cost([known, known])).toBeCloseTo(0.012);
    expect(cost([known, usage({ model: 'my-own-model', inputTokens: 1, outputTokens: 1 })])).toBeNull();
    expect(cost([usage({})])).toBeNull();
    expect(cost([])).toBeNull();
  });

  it('charges nothing for practice, and does not guess what another server charges', () => {
    expect(cost([usage({ provider: 'practice', model: 'guide' })])).toBe(0);
    const local = usage({ stage: 'stt', model: 'whisper-1', audioMs: 60_000 });
    expect(cost([local], [], 'localhost:8000')).toBeNull();
    expect(cost([local], [{ server: 'localhost:8000', model: 'whisper-1', perMinute: 0 }], 'localhost:8000')).toBe(0);
  });

  it('takes the price of the day', () => {
    const own = [
      { server: 'api.openai.com', model: 'tts-1', from: '2026-12-01', perMillionCharacters: 20 },
      { server: 'api.openai.com', model: 'tts-1', from: '2026-06-01', perMillionCharacters: 10 },
    ];
    const used = [usage({ stage: 'tts', model: 'tts-1', characters: 1_000_000 })];
    expect(cost(used, own)).toBe(10);
    expect(cost(used, own, null, Date.UTC(2026, 11, 1))).toBe(20);
    expect(cost(used, own, null, Date.UTC(2026, 0, 1))).toBeNull();
  });
});

describe('the user’s own prices', () => {
  it('count instead of the shipped ones', () => {
    const home = temporaryHome();
    const prices = [{ server: 'api.openai.com', model: 'whisper-1', perMinute: 1 }];
    writeFileSync(pricesPath(home), JSON.stringify({ version: 1, prices }));
    const { table, problem } = loadPrices(home);
    expect(problem).toBeNull();
    const heard = usage({ stage: 'stt', model: 'whisper-1', audioMs: 60_000 });
    expect(table.costOf([heard], AT, nobodyElse)).toBe(1);
    const spoken = usage({ stage: 'tts', model: 'tts-1', characters: 1_000_000 });
    expect(table.costOf([spoken], AT, nobodyElse)).toBe(15);
  });

  it.each([
    ['{', 'it is not JSON'],
    ['{"version":2,"prices":[]}', 'version'],
    ['{"version":1,"prices":[{"server":"a","model":"b","perMinute":-1}]}', 'prices.0.perMinute'],
    ['{"version":1,"prices":[{"server":"a","model":"b","perHour":1}]}', 'prices.0'],
    ['{"version":1,"prices":[{"server":"a","model":"b","from":"soon"}]}', 'prices.0.from'],
  ])('that are wrong change nothing, and are named: %s', (text, reason) => {
    const home = temporaryHome();
    writeFileSync(pricesPath(home), text);
    const { table, problem } = loadPrices(home);
    expect(problem).toContain(pricesPath(home));
    expect(problem).toContain(reason);
    const heard = usage({ stage: 'stt', model: 'whisper-1', audioMs: 60_000 });
    expect(table.costOf([heard], AT, nobodyElse)).toBeCloseTo(0.006);
  });
});

describe('the prices in force', () => {
  it('are listed by model, the latest first, and say whose they are', () => {
    const server = 'api.openai.com';
    const own = [
      { server, model: 'gpt-5-mini', input: 1, output: 2 },
      { server, model: 'gpt-5-mini', from: '2027-01-01', input: 3, output: 4 },
    ];
    const { prices } = priceTable(own);
    expect(prices.filter(({ model }) => model === 'gpt-5-mini')).toMatchObject([
      { from: '2027-01-01', input: 3, cachedInput: null, own: true },
      { from: null, input: 1, output: 2, own: true },
    ]);
    expect(prices.find(({ model }) => model === 'tts-1')).toMatchObject({ own: false, perMillionCharacters: 15 });
    const list = { file: '', problem: null, prices };
    expect(commands['prices.list'].output.parse(list)).toEqual(list);
  });
});
