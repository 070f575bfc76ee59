import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SegmentRules } from '../../../src-main/speech/vad/segment-finder.ts';
import { Segmenter } from '../../../src-main/speech/vad/segmenter.ts';

const WINDOW = 512;
const PER_MS = 16;

const options: SegmentRules = {
  windowSamples: WINDOW,
  threshold: 0.5,
  negativeThreshold: 0.35,
  minSpeechSamples: 100 * PER_MS,
  minSilenceSamples: 100 * PER_MS,
  padBeforeSamples: 0,
  padAfterSamples: 0,
  maxSpeechSamples: Number.POSITIVE_INFINITY,
  minSilenceAtMaxSamples: 0,
  cutAtLongestSilence: true,
  smoothing: 0,
};

const S = 0.9;
const silence = (windows: number) => Array<number>(windows).fill(0.1);
const speech = (windows: number) => Array<number>(windows).fill(S);

function segmentsOf(probabilities: readonly number[], changed: Partial<SegmentRules> = {}) {
  const segmenter = new Segmenter({ ...options, ...changed });
  for (const probability of probabilities) segmenter.push(probability);
  return segmenter
    .finish(probabilities.length * WINDOW)
    .map(({ startSample, endSample }) => [startSample / WINDOW, endSample / WINDOW]);
}

describe('segments, in windows', () => {
  test('begin with the first window of speech and end with the first of the silence', () => {
    expect(segmentsOf([...silence(5), ...speech(10), ...silence(10)])).toEqual([[5, 15]]);
  });

  test('last through silence that is too short', () => {
    expect(segmentsOf([...speech(10), ...silence(3), ...speech(10), ...silence(10)])).toEqual([[0, 23]]);
  });

  test('last while the probability is between the thresholds', () => {
    expect(segmentsOf([...speech(10), ...Array<number>(10).fill(0.4), ...silence(10)])).toEqual([[0, 20]]);
  });

  test('of speech not longer than the minimum are dropped', () => {
    const four = 4 * WINDOW;
    expect(segmentsOf([...speech(4), ...silence(10)], { minSpeechSamples: four })).toEqual([]);
    expect(segmentsOf([...speech(4), ...silence(10)], { minSpeechSamples: four - 1 })).toEqual([[0, 4]]);
  });

  test('still open at the end reach to the end', () => {
    expect(segmentsOf([...silence(2), ...speech(10), ...silence(2)])).toEqual([[2, 14]]);
  });

  test('are padded up to the edges, and share a gap that is narrower than two pads', () => {
    const probabilities = [...silence(1), ...speech(8), ...silence(5), ...speech(8), ...silence(10)];
    expect(segmentsOf(probabilities, { padBeforeSamples: 3 * WINDOW, padAfterSamples: 3 * WINDOW })).toEqual([
      [0, 11.5],
      [11.5, 25],
    ]);
  });
});

describe('live', () => {
  test('speech is announced once it is certain to be kept, and its end once the silence is long enough', () => {
    const segmenter = new Segmenter(options);
    const seen = [...silence(2), ...speech(8), ...silence(6)].map((probability) => {
      const ended = segmenter.push(probability);
      return ended ? 'ended' : segmenter.speaking ? 'speaking' : '-';
    });
    expect(seen.join(' ')).toBe(
      '- - - - - - speaking speaking speaking speaking speaking speaking speaking speaking ended -',
    );
  });

  test('short speech in long pauses is never announced', () => {
    const segmenter = new Segmenter({ ...options, minSilenceSamples: 10 * WINDOW });
    for (const probability of [...speech(2), ...silence(9)]) {
      segmenter.push(probability);
      expect(segmenter.speaking).toBe(false);
    }
  });

  test('the silence is counted from the last window at or above the negative threshold', () => {
    const segmenter = new Segmenter(options);
    const silences = [0.1, 0.9, 0.4, 0.1, 0.1, 0.35].map((probability) => {
      segmenter.push(probability);
      return segmenter.silenceSamples / WINDOW;
    });
    expect(silences).toEqual([1, 0, 0, 1, 2, 0]);
  });
});

const anySegmentation = fc.record({
  probabilities: fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.1, 0.4, 0.9)), {
    maxLength: 200,
  }),
  threshold: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  hysteresis: fc.double({ min: 0, max: 0.3, noNaN: true }),
  minSpeechSamples: fc.integer({ min: 0, max: 6_000 }),
  minSilenceSamples: fc.integer({ min: 0, max: 6_000 }),
  padBeforeSamples: fc.integer({ min: 0, max: 6_000 }),
  padAfterSamples: fc.integer({ min: 0, max: 6_000 }),
  smoothing: fc.constantFrom(0, 0.5),
  missing: fc.integer({ min: 0, max: WINDOW - 1 }),
});

describe('whatever the probabilities', () => {
  test('segments are whole, ordered, disjoint and inside the signal', () => {
    fc.assert(
      fc.property(anySegmentation, ({ probabilities, threshold, hysteresis, missing, ...lengths }) => {
        const negativeThreshold = Math.max(threshold - hysteresis, 0.001);
        const segmenter = new Segmenter({ ...options, threshold, negativeThreshold, ...lengths });
        for (const probability of probabilities) segmenter.push(probability);
        const length = Math.max(0, probabilities.length * WINDOW - missing);
        let previousEnd = 0;
        for (const { startSample, endSample } of segmenter.finish(length)) {
          expect(Number.isInteger(startSample) && Number.isInteger(endSample)).toBe(true);
          expect(startSample).toBeGreaterThanOrEqual(previousEnd);
          expect(endSample).toBeGreaterThan(startSample);
          previousEnd = endSample;
        }
        expect(previousEnd).toBeLessThanOrEqual(length);
      }),
    );
  });

  test('what was announced as speech is in the segments, and every announced end has been speech', () => {
    fc.assert(
      fc.property(anySegmentation, ({ probabilities, threshold, hysteresis, missing, ...lengths }) => {
        const negativeThreshold = Math.max(threshold - hysteresis, 0.001);
        const segmenter = new Segmenter({ ...options, threshold, negativeThreshold, ...lengths });
        let announced = 0;
        let ends = 0;
        let wasSpeaking = false;
        for (const probability of probabilities) {
          if (segmenter.push(probability)) {
            ends++;
            expect(segmenter.speaking).toBe(false);
          }
          if (segmenter.speaking && !wasSpeaking) announced++;
          wasSpeaking = segmenter.speaking;
        }
        const segments = segmenter.finish(Math.max(0, probabilities.length * WINDOW - missing)).length;
        expect(segments).toBeGreaterThanOrEqual(ends);
        expect(segments).toBeLessThanOrEqual(ends + 1);
        expect(segments).toBeGreaterThanOrEqual(announced);
      }),
    );
  });
});

const casesPath = join(import.meta.dirname, '../../../../shared/speech/timestamps-cases.json');

interface ReferenceCase {
  readonly n: number;
  readonly sr: number;
  readonly p: readonly number[];
  readonly r: readonly { readonly start: number; readonly end: number }[];
  readonly o: {
    readonly threshold: number;
    readonly neg_threshold?: number | null;
    readonly min_speech_duration_ms: number;
    readonly max_speech_duration_s: number | null;
    readonly min_silence_duration_ms: number;
    readonly speech_pad_ms: number;
  };
}

test.skipIf(!existsSync(casesPath))(
  "agrees with Silero's get_speech_timestamps to the sample (needs ../shared/speech/timestamps-cases.json)",
  () => {
    const cases: ReferenceCase[] = JSON.parse(readFileSync(casesPath, 'utf8'));
    const unlimited = cases.filter(({ o }) => o.max_speech_duration_s === null);
    expect(unlimited.length).toBeGreaterThan(100);
    for (const { n, sr, p, r, o } of unlimited) {
      const segmenter = new Segmenter({
        ...options,
        windowSamples: sr === 16_000 ? 512 : 256,
        threshold: o.threshold,
        negativeThreshold: o.neg_threshold ?? Math.max(o.threshold - 0.15, 0.01),
        minSpeechSamples: (sr * o.min_speech_duration_ms) / 1000,
        minSilenceSamples: (sr * o.min_silence_duration_ms) / 1000,
        padBeforeSamples: (sr * o.speech_pad_ms) / 1000,
        padAfterSamples: (sr * o.speech_pad_ms) / 1000,
      });
      for (const probability of p) segmenter.push(probability);
      expect(segmenter.finish(n)).toEqual(r.map(({ start, end }) => ({ startSample: start, endSample: end })));
    }
  },
);
