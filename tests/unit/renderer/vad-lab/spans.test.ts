import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstAfter, type Span, spanAt, totalMs, without } from '../../../../src-renderer/vad-lab/spans.ts';

/** Ordered and disjoint, on whole milliseconds up to 300. */
const spans = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 30 }).map((cuts): Span[] => {
  const sorted = cuts.sort((a, b) => a - b);
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, i) => ({
    startMs: sorted[2 * i] as number,
    endMs: sorted[2 * i + 1] as number,
  }));
});

function holds(of: readonly Span[], ms: number): boolean {
  return of.some(({ startMs, endMs }) => startMs <= ms && ms < endMs);
}

test('what is left of one set without another is what the first holds and the second does not', () => {
  fc.assert(
    fc.property(spans, spans, (a, b) => {
      const left = without(a, b);
      for (let ms = 0; ms <= 300; ms++) expect(holds(left, ms), `at ${ms}`).toBe(holds(a, ms) && !holds(b, ms));
      for (const { startMs, endMs } of left) expect(startMs).toBeLessThan(endMs);
    }),
  );
});

test('a place is found in its span', () => {
  fc.assert(
    fc.property(spans, fc.integer({ min: 0, max: 300 }), (all, ms) => {
      expect(spanAt(all, ms) !== null).toBe(holds(all, ms));
      expect(firstAfter(all, ms)).toBe(all.filter(({ endMs }) => endMs <= ms).length);
    }),
  );
});

test('lengths add up', () => {
  expect(
    totalMs([
      { startMs: 0, endMs: 5 },
      { startMs: 10, endMs: 12 },
    ]),
  ).toBe(7);
});
