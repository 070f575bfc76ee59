import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Label } from '../../../src-main/vad-lab/labels/label.ts';
import { percentile, spreadOf } from '../../../src-main/vad-lab/metrics/boundaries.ts';
import { curvesOf } from '../../../src-main/vad-lab/metrics/curves.ts';
import { scorable, score } from '../../../src-main/vad-lab/metrics/score.ts';
import { segmentTrack, type Track } from '../../../src-main/vad-lab/segmentation.ts';
import { SILERO_PARAMETERS } from '../../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../../src-preload/vad-preset.ts';
import { naiveAuc, naiveBoundaryErrors, naiveScores } from '../../support/vad/naive-metrics.ts';

const W = 32;
const plain: VadParameters = { ...SILERO_PARAMETERS, minSpeechMs: 0, minSilenceMs: 96, padBeforeMs: 0, padAfterMs: 0 };

/** In windows of 32 ms. */
function track(...lengths: number[]): Track {
  const probabilities = Float32Array.from(
    lengths.flatMap((length, i) => Array<number>(length).fill(i % 2 ? 0.9 : 0.1)),
  );
  return { sampleRate: 16_000, samples: probabilities.length * 512, probabilities };
}

const label = (startMs: number, endMs: number): Label => ({ startMs, endMs, text: '' });

describe('worked by hand', () => {
  // 100 windows, 3,200 ms. Found: 320 to 960 (decided at 1,088), 1,920 to 2,240 (decided at 2,368).
  const recording = track(10, 20, 30, 10, 30);
  // The first is found late by 160 ms and held over by 160 ms; the second is missed; the third is cut in no way.
  const labels = [label(160, 800), label(1_280, 1_600), label(1_920, 2_240)];
  const { pooled, files } = score([scorable('a.wav', recording, labels)], plain);

  test('frames', () => {
    // 480 ms of 640 + 320 ms of 320 are hit; 160 + 320 ms missed; 160 ms false; 3,200 − 1,280 ms are silent.
    expect(pooled.precision).toBeCloseTo(80 / 96);
    expect(pooled.recall).toBeCloseTo(80 / 128);
    expect(pooled.f1).toBeCloseTo(160 / (96 + 128));
    expect(pooled.missRate).toBeCloseTo(48 / 128);
    expect(pooled.falseAlarmRate).toBeCloseTo(16 / 192);
    expect(pooled.detectionCost).toBeCloseTo(0.75 * (48 / 128) + 0.25 * (16 / 192));
    expect(pooled.speechShare).toBeCloseTo(0.3);
  });

  test('segments', () => {
    expect(pooled.segmentMissRate).toBeCloseTo(1 / 3);
    expect(pooled.segmentFalseAlarmRate).toBe(0);
    expect(pooled.segmentsPerMinute).toBeCloseTo(2 / (3.2 / 60));
    expect(score([scorable('a.wav', recording, labels.slice(2))], plain).pooled.segmentFalseAlarmRate).toBe(0.5);
  });

  test('boundaries', () => {
    expect(pooled.onsetError).toEqual({ count: 2, medianMs: 80, p95Ms: 152 });
    expect(pooled.offsetError).toEqual({ count: 2, medianMs: 80, p95Ms: 152 });
    // The missed one is clipped whole: 160, 320 and 0 ms.
    expect(pooled.clippedOnsetRate).toBeCloseTo(2 / 3);
    expect(pooled.meanClippedOnsetMs).toBeCloseTo(160);
  });

  test('the end of speech', () => {
    // Decided 288 ms after the first, 128 ms after the third; the missed one ended for the detector with itself.
    expect(pooled.meanEndDelayMs).toBeCloseTo((288 + 0 + 128) / 3);
    expect(pooled.undecidedEndRate).toBe(0);
    expect(pooled.cutOffRate).toBe(0);
  });

  test('a decision in the middle of a label cuts it off; a pause without one counts with its length', () => {
    const twice = score([scorable('a.wav', recording, [label(320, 2_240)])], plain).pooled;
    expect(twice.cutOffRate).toBe(1);
    const held = score([scorable('a.wav', recording, labels)], { ...plain, minSilenceMs: 2_000 }).pooled;
    expect(held.undecidedEndRate).toBe(1);
    expect(held.meanEndDelayMs).toBeCloseTo((480 + 320 + 960) / 3);
  });

  test('one file is what all are', () => {
    expect(files).toEqual([{ path: 'a.wav', scores: pooled }]);
  });
});

test('files are pooled by their frames, not by their scores, and the worst comes first', () => {
  const long = scorable('long.wav', track(0, 90, 10), [label(0, 90 * W)]);
  const short = scorable('short.wav', track(0, 10, 10), [label(0, 5 * W)]);
  const { pooled, files } = score([long, short], plain);
  expect(files.map(({ path }) => path)).toEqual(['short.wav', 'long.wav']);
  expect(pooled.precision).toBeCloseTo(95 / 100, 3);
});

test('nothing to find and nothing found is perfect; something found is not', () => {
  expect(score([scorable('a.wav', track(50), [])], plain).pooled).toMatchObject({ f1: 1, precision: 1, recall: 1 });
  expect(score([scorable('a.wav', track(10, 10, 10), [])], plain).pooled).toMatchObject({ f1: 0, recall: 1 });
  expect(score([scorable('a.wav', track(50), [label(0, 500)])], plain).pooled).toMatchObject({ f1: 0, recall: 0 });
});

const anyRecording = fc
  .record({
    sampleRate: fc.constantFrom(8_000, 16_000),
    lengths: fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 16 }),
    levels: fc.array(fc.constantFrom(0, 0.2, 0.4, 0.6, 0.8, 1), { minLength: 16, maxLength: 16 }),
    missing: fc.integer({ min: 0, max: 255 }),
    gaps: fc.array(fc.tuple(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 1, max: 900 })), { maxLength: 10 }),
  })
  .map(({ sampleRate, lengths, levels, missing, gaps }) => {
    const probabilities = Float32Array.from(lengths.flatMap((length, i) => Array(length).fill(levels[i])));
    const samples = Math.max(0, (probabilities.length * sampleRate * W) / 1000 - missing);
    const durationMs = (samples * 1000) / sampleRate;
    let at = 0;
    const labels = gaps.flatMap(([gap, length]) => {
      const startMs = at + gap;
      at = Math.min(startMs + length, durationMs);
      return startMs < at ? [label(startMs, at)] : [];
    });
    return { recording: { sampleRate, samples, probabilities }, labels };
  });

const anySetting = fc.record({
  threshold: fc.constantFrom(0.3, 0.5, 0.7),
  minSpeechMs: fc.constantFrom(0, 100),
  minSilenceMs: fc.constantFrom(0, 100, 500),
  padBeforeMs: fc.constantFrom(0, 33.3, 200),
  padAfterMs: fc.constantFrom(0, 50, 400),
});

describe('against a naive implementation', () => {
  test('every score agrees', () => {
    fc.assert(
      fc.property(anyRecording, anySetting, ({ recording, labels }, setting) => {
        const parameters = { ...plain, ...setting };
        const { pooled } = score([scorable('a.wav', recording, labels)], parameters);
        const expected = naiveScores(recording, labels, segmentTrack(recording, parameters));
        for (const [name, value] of Object.entries(expected)) {
          const actual = pooled[name as keyof typeof expected];
          if (value === null) expect(actual).toBeNull();
          else expect(actual, name).toBeCloseTo(value, 9);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('errors of boundaries agree', () => {
    fc.assert(
      fc.property(anyRecording, anySetting, ({ recording, labels }, setting) => {
        const parameters = { ...plain, ...setting };
        const found = segmentTrack(recording, parameters);
        const { pooled } = score([scorable('a.wav', recording, labels)], parameters);
        const expected = naiveBoundaryErrors(recording, labels, found);
        for (const name of ['onsetError', 'offsetError', 'clippedOnset'] as const) {
          const { count, medianMs } = spreadOf(expected[name]);
          expect(pooled[name].count).toBe(count);
          if (medianMs !== null) expect(pooled[name].medianMs).toBeCloseTo(medianMs, 6);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('ROC-AUC agrees, and the curve is that of every threshold', () => {
    fc.assert(
      fc.property(anyRecording, ({ recording, labels }) => {
        const scored = scorable('a.wav', recording, labels);
        const { auc, points } = curvesOf([scored]);
        const durationMs = (recording.samples * 1000) / recording.sampleRate;
        const frames: { speech: boolean; probability: number }[] = [];
        for (let middle = 5; middle < durationMs; middle += 10) {
          frames.push({
            speech: labels.some(({ startMs, endMs }) => middle >= startMs && middle < endMs),
            probability: recording.probabilities[Math.floor(middle / W)] as number,
          });
        }
        const speech = frames.filter((frame) => frame.speech);
        if (speech.length === 0 || speech.length === frames.length) expect(auc).toBeNull();
        else expect(auc).toBeCloseTo(naiveAuc(frames), 9);
        for (const { threshold, precision, recall } of points.filter((_, i) => i % 10 === 4)) {
          const above = frames.filter(({ probability }) => probability >= threshold);
          const hits = above.filter((frame) => frame.speech).length;
          expect(precision).toBeCloseTo(above.length ? hits / above.length : 1, 9);
          expect(recall).toBeCloseTo(speech.length ? hits / speech.length : 1, 9);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('percentiles lie between values; the median keeps its sign, the 95th percentile counts sizes', () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(percentile([3, 1], 0.5)).toBe(2);
  expect(spreadOf([-100, -10, 10])).toEqual({ count: 3, medianMs: -10, p95Ms: expect.closeTo(91) });
});
