import { expect, test } from 'vitest';
import type { UsageSum } from '../../../src-preload/contract.ts';
import { addUp, calendarDay, OTHERS, usageDays } from '../../../src-renderer/history/usage-days.ts';

function sum(day: string, key: string, cost: number): UsageSum {
  return {
    key,
    day,
    turns: 1,
    calls: 2,
    inputTokens: 10,
    cachedInputTokens: 0,
    outputTokens: 5,
    reasoningTokens: 0,
    audioMs: 0,
    characters: 0,
    cost,
    unpricedCalls: 1,
  };
}

const OF_THE_SUMS = { first: null, last: null };

test('each day holds its parts, and days without anything are there too', () => {
  const sums = [sum('2026-10-24', 'a', 1), sum('2026-10-24', 'b', 4), sum('2026-10-26', 'a', 2)];
  expect(usageDays(sums, 'cost', OF_THE_SUMS)).toEqual({
    keys: ['b', 'a'],
    days: [
      { day: '2026-10-24', parts: [4, 1], total: 5 },
      { day: '2026-10-25', parts: [0, 0], total: 0 },
      { day: '2026-10-26', parts: [0, 2], total: 2 },
    ],
  });
  expect(usageDays(sums, 'tokens', OF_THE_SUMS).days[0]?.total).toBe(30);
  expect(usageDays([], 'cost', OF_THE_SUMS)).toEqual({ keys: [], days: [] });
});

test('a time is shown in whole', () => {
  const { days } = usageDays([sum('2026-03-01', 'a', 1)], 'cost', { first: '2026-02-27', last: '2026-03-02' });
  expect(days.map(({ day, total }) => [day, total])).toEqual([
    ['2026-02-27', 0],
    ['2026-02-28', 0],
    ['2026-03-01', 1],
    ['2026-03-02', 0],
  ]);
  expect(calendarDay(new Date(2026, 2, 1, 23, 59))).toBe('2026-03-01');
});

test('of many keys the largest have names, and the rest stand together', () => {
  const sums = ['a', 'b', 'c', 'd', 'e'].map((key, index) => sum('2026-10-24', key, index + 1));
  expect(usageDays(sums, 'cost', OF_THE_SUMS)).toEqual({
    keys: ['e', 'd', 'c', OTHERS],
    days: [{ day: '2026-10-24', parts: [5, 4, 3, 3], total: 15 }],
  });
});

test('all days of a key add up, what cost most first', () => {
  const sums = [sum('2026-10-24', 'a', 1), sum('2026-10-24', 'b', 2), sum('2026-10-25', 'a', 5)];
  expect(addUp(sums).map(({ key, cost, turns, calls, day }) => [key, cost, turns, calls, day])).toEqual([
    ['a', 6, 2, 4, null],
    ['b', 2, 1, 2, null],
  ]);
  expect(sums[0]?.cost).toBe(1);
});
