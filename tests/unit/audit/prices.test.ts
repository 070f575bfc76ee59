import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pricesPath } from '../../../src-main/audit/cost/price-table.ts';
import { openPrices } from '../../../src-main/audit/cost/prices.ts';
import { SHIPPED_PRICES } from '../../../src-main/audit/cost/shipped-prices.ts';
import { temporaryHome } from '../../support/audit.ts';

const SERVER = 'api.openai.com';
const MODEL = 'gpt-5-mini';
const used = {
  stage: 'llm',
  provider: 'openai',
  model: MODEL,
  raw: null,
  inputTokens: 1_000_000,
  outputTokens: 0,
} as const;

function opened(text?: string) {
  const home = temporaryHome();
  if (text !== undefined) writeFileSync(pricesPath(home), text);
  const prices = openPrices(home);
  const rows = () => JSON.parse(readFileSync(pricesPath(home), 'utf8')).prices;
  const costOn = (day: string) => prices.table.costOf([used], new Date(`${day}T12:00Z`).getTime(), () => null);
  return { home, prices, rows, costOn };
}

it('changes a price from a day on; what was used before costs what it did', () => {
  const { prices, rows, costOn } = opened();
  expect(costOn('2026-11-03')).toBe(0.25);
  prices.set({ server: SERVER, model: MODEL, from: '2027-01-01', input: 0.2, output: 1.8 });
  expect([costOn('2026-12-31'), costOn('2027-01-01')]).toEqual([0.25, 0.2]);
  expect(rows()).toEqual([
    SHIPPED_PRICES.find(({ model }) => model === MODEL),
    expect.objectContaining({ input: 0.2 }),
  ]);
});

it('changes a row in its place, moves it to another day, and removes it', () => {
  const other = { server: 'localhost:1', model: 'a', perMinute: 1, note: 'by contract' };
  const last = { server: 'localhost:1', model: 'c', perMinute: 3 };
  const own = { server: SERVER, model: MODEL, input: 1, output: 1 };
  const { prices, rows, costOn } = opened(JSON.stringify({ version: 1, prices: [other, own, last] }));
  prices.set({ ...own, input: 2 });
  expect(rows()).toEqual([other, { ...own, input: 2 }, last]);
  prices.set({ ...own, from: '2026-12-01', input: 3 }, own);
  expect(rows()).toEqual([other, { ...own, from: '2026-12-01', input: 3 }, last]);
  expect([costOn('2026-11-30'), costOn('2026-12-01')]).toEqual([null, 3]);
  prices.remove({ server: SERVER, model: MODEL, from: '2026-12-01' });
  expect(rows()).toEqual([other, last]);
  expect(costOn('2026-12-01')).toBe(0.25);
});

it('changes the file as it stands now, not as it was when it was read', () => {
  const { home, prices, rows } = opened();
  const byHand = { server: 'localhost:1', model: 'by-hand', perMinute: 1 };
  writeFileSync(pricesPath(home), JSON.stringify({ version: 1, prices: [byHand] }));
  prices.set({ server: 'localhost:1', model: 'other', perMinute: 2 });
  expect(rows()).toEqual([byHand, { server: 'localhost:1', model: 'other', perMinute: 2 }]);
  prices.reload();
  expect(prices.table.prices.filter(({ own }) => own)).toHaveLength(2);
});

it('does not write over a file that it can’t read', () => {
  const text = '{ "version": 1, // mine\n "prices": [] }';
  const { home, prices } = opened(text);
  expect(prices.problem).toContain('not JSON');
  const price = { server: 'a', model: 'b', perMinute: 1 };
  expect(() => prices.set(price)).toThrow(expect.objectContaining({ code: 'prices-unusable' }));
  expect(() => prices.remove(price)).toThrow(expect.objectContaining({ code: 'prices-unusable' }));
  expect(readFileSync(pricesPath(home), 'utf8')).toBe(text);
});

it.each([
  [{ perMinute: -1 }, 'price-invalid'],
  [{ from: '2026-13-01', perMinute: 1 }, 'price-invalid'],
  [{ input: 1 }, 'price-invalid'],
  [{ cachedInput: 1 }, 'price-invalid'],
  [{}, 'price-invalid'],
])('refuses %j, and writes nothing', (amounts, code) => {
  const { home, prices } = opened();
  expect(() => prices.set({ server: SERVER, model: MODEL, ...amounts })).toThrow(expect.objectContaining({ code }));
  expect(existsSync(pricesPath(home))).toBe(false);
});

it('says that there is no such row', () => {
  const { prices } = opened();
  const key = { server: SERVER, model: MODEL };
  expect(() => prices.remove(key)).toThrow(expect.objectContaining({ code: 'price-unknown' }));
  expect(() => prices.set({ ...key, from: '2026-12-01', input: 1, output: 1 }, key)).toThrow(
    expect.objectContaining({ code: 'price-unknown' }),
  );
});

it('reads a file that an editor began with a byte order mark', () => {
  const own = { server: SERVER, model: MODEL, input: 3, output: 3 };
  const { prices, costOn } = opened(`\ufeff${JSON.stringify({ version: 1, prices: [own] })}`);
  expect(costOn('2026-11-03')).toBe(3);
  expect(prices.problem).toBeNull();
});
