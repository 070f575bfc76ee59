import { expect, test } from 'vitest';
import { measureLevel } from '../../../src-main/audio/level.ts';

test('a full-scale sine peaks at 0 dBFS and has an RMS of -3.01', () => {
  const sine = Int16Array.from({ length: 48_000 }, (_, i) =>
    Math.round(32_767 * Math.sin((2 * Math.PI * 1000 * i) / 48_000)),
  );
  const { rmsDbfs, peakDbfs } = measureLevel(sine);
  expect(peakDbfs).toBeCloseTo(0, 3);
  expect(rmsDbfs).toBeCloseTo(-3.0103, 3);
});

test('the most negative sample is full scale', () => {
  expect(measureLevel(Int16Array.of(-32_768))).toEqual({ rmsDbfs: 0, peakDbfs: 0 });
});

test('silence and nothing at all are -Infinity', () => {
  const silent = { rmsDbfs: Number.NEGATIVE_INFINITY, peakDbfs: Number.NEGATIVE_INFINITY };
  expect(measureLevel(new Int16Array(100))).toEqual(silent);
  expect(measureLevel(new Int16Array(0))).toEqual(silent);
});
