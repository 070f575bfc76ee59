import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extremesOf, levelFor, peakLevels } from '../../../../src-renderer/vad-lab/peaks.ts';

const LEVELS = [
  { samplesPerPeak: 2, peaks: 4 },
  { samplesPerPeak: 8, peaks: 1 },
];
const BYTES = Int16Array.of(-1, 2, -3, 4, -5, 6, 0, 1, -5, 6).buffer;

test('levels are told apart in what the core sends', () => {
  const [fine, coarse] = peakLevels(BYTES, LEVELS);
  expect([...(fine?.extremes ?? [])]).toEqual([-1, 2, -3, 4, -5, 6, 0, 1]);
  expect([...(coarse?.extremes ?? [])]).toEqual([-5, 6]);
});

test('the level that is drawn has a peak for each pixel; nearer than the finest, samples are needed', () => {
  const levels = peakLevels(BYTES, LEVELS);
  expect(levelFor(levels, 1.9)).toBeNull();
  expect(levelFor(levels, 2)?.samplesPerPeak).toBe(2);
  expect(levelFor(levels, 7.9)?.samplesPerPeak).toBe(2);
  expect(levelFor(levels, 500)?.samplesPerPeak).toBe(8);
});

test('no sample of a stretch is louder than its extremes', () => {
  fc.assert(
    fc.property(
      fc.int16Array({ minLength: 8, maxLength: 400 }),
      fc.nat(400),
      fc.integer({ min: 1, max: 100 }),
      (samples, at, length) => {
        const from = at % samples.length;
        const end = Math.min(samples.length, from + length);
        const peaks = Math.ceil(samples.length / 4);
        const extremes = Int16Array.from({ length: peaks * 2 }, (_, i) => {
          const part = samples.subarray(Math.floor(i / 2) * 4, (Math.floor(i / 2) + 1) * 4);
          return i % 2 === 0 ? Math.min(...part) : Math.max(...part);
        });
        const found = { low: 0, high: 0 };
        extremesOf({ samplesPerPeak: 4, extremes }, from, end, found);
        for (const sample of samples.subarray(from, end)) {
          expect(sample).toBeGreaterThanOrEqual(found.low);
          expect(sample).toBeLessThanOrEqual(found.high);
        }
      },
    ),
  );
});

test('beyond the end there is nothing', () => {
  const found = { low: 9, high: 9 };
  extremesOf({ samplesPerPeak: 2, extremes: Int16Array.of(-1, 1) }, 50, 60, found);
  expect(found).toEqual({ low: 0, high: 0 });
});
