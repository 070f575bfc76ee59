import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PeakFinder, peakLevels } from '../../../src-main/vad-lab/peaks.ts';

test('levels are four times as coarse as the one before, up to one that a screen can draw', () => {
  expect(peakLevels(1)).toEqual([{ samplesPerPeak: 128, peaks: 1 }]);
  const hour = peakLevels(3_600 * 16_000);
  expect(hour.map(({ samplesPerPeak }) => samplesPerPeak)).toEqual([128, 512, 2_048, 8_192, 32_768, 131_072]);
  expect(hour.at(-1)?.peaks).toBeLessThanOrEqual(1_000);
  expect(hour.at(-2)?.peaks).toBeGreaterThan(1_000);
});

test('every pair is the lowest and the highest of its samples, however the sound arrives', () => {
  const sound = fc.int16Array({ minLength: 1, maxLength: 3_000 }).chain((some) =>
    fc.record({
      // Long enough for several levels.
      samples: fc.integer({ min: 1, max: 120 }).map((times) => {
        const samples = new Int16Array(some.length * times);
        for (let i = 0; i < samples.length; i++) samples[i] = (some[i % some.length] as number) ^ (i % 251);
        return samples;
      }),
      cut: fc.integer({ min: 1, max: 5_000 }),
    }),
  );
  fc.assert(
    fc.property(sound, ({ samples, cut }) => {
      const finder = new PeakFinder(samples.length);
      for (let i = 0; i < samples.length; i += cut) finder.push(samples.subarray(i, i + cut));
      const pairs = finder.finish();
      let at = 0;
      for (const { samplesPerPeak, peaks } of peakLevels(samples.length)) {
        for (let peak = 0; peak < peaks; peak++, at += 2) {
          const own = samples.subarray(peak * samplesPerPeak, (peak + 1) * samplesPerPeak);
          const [lowest, highest] = own.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [
            32_767, -32_768,
          ] as [number, number]);
          if (pairs[at] !== lowest || pairs[at + 1] !== highest) return false;
        }
      }
      return at === pairs.length;
    }),
    { numRuns: 30 },
  );
});
