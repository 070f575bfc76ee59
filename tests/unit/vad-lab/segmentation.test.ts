import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SegmentFinder } from '../../../src-main/speech/vad/segment-finder.ts';
import { Segmenter } from '../../../src-main/speech/vad/segmenter.ts';
import { rulesFor } from '../../../src-main/vad-lab/parameters.ts';
import { OfflineSegmenter, segmentTrack, type Track } from '../../../src-main/vad-lab/segmentation.ts';
import { negativeThresholdOf, SILERO_PARAMETERS } from '../../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../../src-preload/vad-preset.ts';
import { naiveSegments } from '../../support/vad/naive-segments.ts';

const W = 512;
const plain: VadParameters = { ...SILERO_PARAMETERS, minSpeechMs: 0, minSilenceMs: 96, padBeforeMs: 0, padAfterMs: 0 };

const silence = (windows: number) => Array<number>(windows).fill(0.1);
const speech = (windows: number) => Array<number>(windows).fill(0.9);

function track(probabilities: readonly number[], samples = probabilities.length * W): Track {
  return { sampleRate: 16_000, samples, probabilities: Float32Array.from(probabilities) };
}

function inWindows(probabilities: readonly number[], changed: Partial<VadParameters>) {
  return segmentTrack(track(probabilities), { ...plain, ...changed }).map(({ startSample, endSample }) => [
    startSample / W,
    endSample / W,
  ]);
}

describe('a segment that becomes too long', () => {
  const limit = { maxSpeechMs: 11 * 32 };

  test('is cut where it is when nothing better is known', () => {
    expect(inWindows([...speech(25), ...silence(4)], limit)).toEqual([
      [0, 11],
      [12, 23],
      [24, 25],
    ]);
  });

  test('is cut at its longest silence, and goes on after it', () => {
    const probabilities = [...speech(2), ...silence(2), ...speech(2), ...silence(3), ...speech(4), ...silence(8)];
    expect(inWindows(probabilities, { ...limit, minSilenceMs: 128, minSilenceAtMaxMs: 50 })).toEqual([
      [0, 6],
      [9, 13],
    ]);
  });

  test('is cut at the first of two equally long silences', () => {
    const probabilities = [...speech(2), ...silence(2), ...speech(2), ...silence(2), ...speech(3), ...silence(8)];
    expect(inWindows(probabilities, { ...limit, minSilenceMs: 96, minSilenceAtMaxMs: 50 })).toEqual([
      [0, 2],
      [4, 11],
    ]);
  });

  test('is cut at its last silence when that is asked for', () => {
    const probabilities = [...speech(2), ...silence(3), ...speech(2), ...silence(2), ...speech(4), ...silence(8)];
    const last = { ...limit, minSilenceMs: 128, minSilenceAtMaxMs: 20, cutAtLongestSilence: false };
    expect(inWindows(probabilities, last)).toEqual([
      [0, 7],
      [9, 13],
    ]);
  });

  test('goes on where speech came back after that silence, whatever shorter ones follow', () => {
    const probabilities = [...speech(2), ...silence(3), ...speech(2), ...silence(1), ...speech(5), ...silence(8)];
    const last = { ...limit, minSilenceMs: 128, minSilenceAtMaxMs: 50, cutAtLongestSilence: false };
    expect(inWindows(probabilities, last)).toEqual([
      [0, 2],
      [5, 13],
    ]);
  });

  test('counts its padding', () => {
    const padded = { maxSpeechMs: 13 * 32, padBeforeMs: 32, padAfterMs: 32 };
    expect(inWindows([...silence(2), ...speech(12), ...silence(5)], padded)).toEqual([[1, 14]]);
  });
});

describe('padding', () => {
  test('differs before and after, and a narrow gap is shared in that proportion', () => {
    const probabilities = [...silence(6), ...speech(4), ...silence(4), ...speech(4), ...silence(9)];
    expect(inWindows(probabilities, { padBeforeMs: 4 * 32, padAfterMs: 32 })).toEqual(
      [
        [2, 10.799],
        [10.799, 19],
      ].map((pair) => pair.map((at) => (Number.isInteger(at) ? at : expect.closeTo(at, 2)))),
    );
  });
});

describe('the decision', () => {
  test('that a segment is over is known with the window that makes the silence long enough', () => {
    const [segment] = segmentTrack(track([...speech(5), ...silence(10)]), plain);
    expect(segment).toEqual({ startSample: 0, endSample: 5 * W, decidedSample: 9 * W });
  });

  test('falls at the end when the recording ends first', () => {
    const [segment] = segmentTrack(track([...speech(5), ...silence(2)], 6 * W + 100), plain);
    expect(segment?.decidedSample).toBe(6 * W + 100);
  });
});

const anyTrack = fc
  .record({
    sampleRate: fc.constantFrom(8_000, 16_000),
    levels: fc.array(
      fc.record({
        probability: fc.oneof(fc.constantFrom(0, 0.1, 0.4, 0.9, 1), fc.double({ min: 0, max: 1, noNaN: true })),
        windows: fc.integer({ min: 1, max: 12 }),
      }),
      { maxLength: 60 },
    ),
    missing: fc.integer({ min: 0, max: 255 }),
  })
  .map(({ sampleRate, levels, missing }): Track => {
    const probabilities = Float32Array.from(
      levels.flatMap(({ probability, windows }) => Array(windows).fill(probability)),
    );
    const samples = Math.max(0, (probabilities.length * sampleRate * 32) / 1000 - missing);
    return { sampleRate, samples, probabilities };
  });

const ms = fc.oneof(fc.integer({ min: 0, max: 600 }), fc.double({ min: 0, max: 300, noNaN: true }));
const anyParameters: fc.Arbitrary<VadParameters> = fc.record({
  threshold: fc.double({ min: 0.05, max: 1, noNaN: true }),
  negativeThreshold: fc.constantFrom(null, 0.05, 0.35, 0.5),
  minSpeechMs: ms,
  minSilenceMs: ms,
  padBeforeMs: ms,
  padAfterMs: ms,
  maxSpeechMs: fc.oneof(fc.constant(null), fc.integer({ min: 1_300, max: 5_000 })),
  minSilenceAtMaxMs: ms,
  cutAtLongestSilence: fc.boolean(),
  smoothing: fc.constantFrom(0, 0.35, 0.8),
});

describe('whatever the probabilities and the parameters', () => {
  test('segments are whole, ordered, disjoint and inside the recording', () => {
    fc.assert(
      fc.property(anyTrack, anyParameters, (recording, parameters) => {
        let previousEnd = 0;
        for (const { startSample, endSample, decidedSample } of segmentTrack(recording, parameters)) {
          expect(Number.isInteger(startSample) && Number.isInteger(endSample)).toBe(true);
          expect(startSample).toBeGreaterThanOrEqual(previousEnd);
          expect(endSample).toBeGreaterThan(startSample);
          expect(decidedSample).toBeGreaterThanOrEqual(startSample);
          previousEnd = endSample;
        }
        expect(previousEnd).toBeLessThanOrEqual(recording.samples);
      }),
      { numRuns: 500 },
    );
  });

  test('padding widens segments, and neither merges nor drops any', () => {
    fc.assert(
      fc.property(anyTrack, anyParameters, (recording, parameters) => {
        const unlimited = { ...parameters, maxSpeechMs: null };
        const bare = segmentTrack(recording, { ...unlimited, padBeforeMs: 0, padAfterMs: 0 });
        const padded = segmentTrack(recording, unlimited);
        expect(padded.length).toBe(bare.length);
        for (const [i, { startSample, endSample }] of padded.entries()) {
          expect(startSample).toBeLessThanOrEqual(bare[i]?.startSample ?? Number.NaN);
          expect(endSample).toBeGreaterThanOrEqual(bare[i]?.endSample ?? Number.NaN);
        }
      }),
    );
  });

  test('they are those of a naive reading of the algorithm', () => {
    fc.assert(
      fc.property(anyTrack, anyParameters, fc.boolean(), (recording, parameters, even) => {
        const chosen = even ? { ...parameters, padAfterMs: parameters.padBeforeMs } : parameters;
        const found = segmentTrack(recording, chosen).map(({ startSample, endSample }) => [startSample, endSample]);
        expect(found).toEqual(naiveSegments(recording, chosen));
      }),
      { numRuns: 1_000 },
    );
  });

  test('segmenting again, after any other settings, gives the same', () => {
    const segmenter = new OfflineSegmenter();
    fc.assert(
      fc.property(anyTrack, anyParameters, anyParameters, (recording, first, second) => {
        segmenter.run(recording, second);
        const again = segmenter.run(recording, first);
        const found = Array.from({ length: again.count }, (_, i) => [again.starts[i], again.ends[i]]);
        expect(found).toEqual(segmentTrack(recording, first).map((s) => [s.startSample, s.endSample]));
      }),
    );
  });

  test('live detection finds the same segments, and tells each end in the window of its decision', () => {
    fc.assert(
      fc.property(anyTrack, anyParameters, (recording, parameters) => {
        const rules = rulesFor(parameters, recording.sampleRate);
        const live = new Segmenter(rules);
        const told: number[] = [];
        for (const [i, probability] of recording.probabilities.entries()) {
          if (live.push(probability)) told.push((i + 1) * rules.windowSamples);
        }
        const offline = segmentTrack(recording, parameters);
        expect(live.finish(recording.samples)).toEqual(
          offline.map(({ startSample, endSample }) => ({ startSample, endSample })),
        );
        expect(offline.map(({ decidedSample }) => decidedSample).slice(0, told.length)).toEqual(told);
        expect(offline.length - told.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test('the negative threshold is Silero’s own unless it is given', () => {
  expect(negativeThresholdOf({ ...plain, threshold: 0.5 })).toBeCloseTo(0.35);
  expect(negativeThresholdOf({ ...plain, threshold: 0.1 })).toBe(0.01);
  expect(negativeThresholdOf({ ...plain, negativeThreshold: 0.45 })).toBe(0.45);
});

const casesPath = join(import.meta.dirname, '../../../../shared/speech/timestamps-cases.json');

interface ReferenceCase {
  readonly n: number;
  readonly sr: number;
  readonly p: readonly number[];
  readonly r: readonly { readonly start: number; readonly end: number }[];
  readonly o: {
    readonly threshold: number;
    readonly neg_threshold: number | null;
    readonly min_speech_duration_ms: number;
    readonly max_speech_duration_s: number | null;
    readonly min_silence_duration_ms: number;
    readonly speech_pad_ms: number;
    readonly min_silence_at_max_speech: number;
    readonly use_max_poss_sil_at_max_speech: boolean;
  };
}

test.skipIf(!existsSync(casesPath))(
  "agrees with Silero's get_speech_timestamps to the sample, every option included (needs ../shared/speech)",
  () => {
    const cases: ReferenceCase[] = JSON.parse(readFileSync(casesPath, 'utf8'));
    expect(cases.length).toBe(1_000);
    for (const { n, sr, p, r, o } of cases) {
      const parameters: VadParameters = {
        threshold: o.threshold,
        negativeThreshold: o.neg_threshold,
        minSpeechMs: o.min_speech_duration_ms,
        minSilenceMs: o.min_silence_duration_ms,
        padBeforeMs: o.speech_pad_ms,
        padAfterMs: o.speech_pad_ms,
        maxSpeechMs: o.max_speech_duration_s === null ? null : o.max_speech_duration_s * 1000,
        minSilenceAtMaxMs: o.min_silence_at_max_speech,
        cutAtLongestSilence: o.use_max_poss_sil_at_max_speech,
        smoothing: 0,
      };
      const finder = new SegmentFinder(rulesFor(parameters, sr));
      // As doubles: the cases are decimals that may equal a threshold.
      finder.run(p);
      finder.finish(n);
      const found = Array.from({ length: finder.count }, (_, i) => ({ start: finder.starts[i], end: finder.ends[i] }));
      expect(found).toEqual(r);
    }
  },
);
