import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowAt, topsOf } from '../../../src-renderer/history/rows.ts';

test('a row is found by any pixel of it', () => {
  const heights = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(heights, fc.integer({ min: -50, max: 20_000 }), (rows, y) => {
      const tops = topsOf(rows);
      const within = Math.min(Math.max(y, 0), (tops.at(-1) ?? 0) - 1);
      const row = rowAt(tops, y);
      expect(tops[row]).toBeLessThanOrEqual(within);
      expect(tops[row + 1]).toBeGreaterThan(within);
    }),
  );
});

test('an empty list has no rows', () => {
  expect(topsOf([])).toEqual([0]);
  expect(rowAt([0], 100)).toBe(0);
});
