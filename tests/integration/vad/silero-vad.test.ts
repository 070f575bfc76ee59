import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { createResampler } from '../../../src-main/audio/resample.ts';
import { readWavHeader } from '../../../src-main/audio/wav.ts';
import { loadVad } from '../../../src-main/speech/vad/silero-vad.ts';
import type { Vad, VadOptions, VadReport } from '../../../src-main/speech/vad/vad.ts';
import { segmentTrack } from '../../../src-main/vad-lab/segmentation.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MODELS = join(ROOT, 'models');
const CLIP = join(ROOT, 'tests/support/audio/speech.wav');
const SHARED = join(ROOT, '../shared/speech');

const OPTIONS: VadOptions = {
  threshold: 0.5,
  negativeThreshold: null,
  minSpeechMs: 100,
  minSilenceMs: 300,
  padBeforeMs: 30,
  padAfterMs: 30,
  maxSpeechMs: null,
  smoothing: 0,
};

function samplesOf(path: string): Int16Array {
  const file = new Uint8Array(readFileSync(path));
  const offset = readWavHeader(file)?.dataOffset ?? Number.NaN;
  return new Int16Array(file.slice(offset, file.length - (file.length % 2)).buffer);
}

function resampled(samples: Int16Array, fromRate: number, toRate: number): Int16Array {
  return createResampler(fromRate, toRate).push(samples);
}

let vad: Vad;
let clip: Int16Array;
let reference: readonly number[];
beforeAll(async () => {
  vad = await loadVad(MODELS);
  clip = samplesOf(CLIP);
  reference = JSON.parse(readFileSync(CLIP.replace('.wav', '.probabilities.json'), 'utf8'));
});

async function listen(samples: Int16Array, sampleRate: number, lengths: () => number, options = OPTIONS) {
  const stream = vad.open(sampleRate, options);
  const reports: VadReport[] = [];
  for (let i = 0; i < samples.length; ) {
    const length = lengths();
    reports.push(await stream.push(samples.subarray(i, i + length)));
    i += length;
  }
  const probabilities = reports.flatMap((report) => report.probabilities);
  const rest = await stream.finish();
  return { reports, probabilities, last: rest.probabilities, segments: rest.segments };
}

function expectClose(actual: readonly number[], expected: readonly number[]) {
  for (const [i, probability] of actual.entries()) expect(probability).toBeCloseTo(expected[i] as number, 4);
}

describe('probabilities', () => {
  test('are those of the model called as its authors call it', async () => {
    const { probabilities } = await listen(clip, 16_000, () => 320);
    expect(probabilities.length).toBe(Math.floor(clip.length / 512));
    expectClose(probabilities, reference);
  });

  test('include those of a last window that is not full', async () => {
    const { probabilities, last } = await listen(clip.subarray(0, 20 * 512 + 100), 16_000, () => 320);
    expect([probabilities.length, last.length]).toEqual([20, 1]);
    const padded = new Int16Array(21 * 512);
    padded.set(clip.subarray(0, 20 * 512 + 100));
    expect(last[0]).toBe((await listen(padded, 16_000, () => 320)).probabilities[20]);
  });

  test('would not be so without the 64 samples before each window', async () => {
    const session = await InferenceSession.create(join(MODELS, 'silero_vad_v6.onnx'));
    let state: Tensor = new Tensor('float32', new Float32Array(256), [2, 1, 128]);
    let highest = 0;
    for (let i = 0; i + 512 <= clip.length; i += 512) {
      const window = Float32Array.from(clip.subarray(i, i + 512), (sample) => sample / 32_768);
      const { output, stateN } = await session.run({
        input: new Tensor('float32', window, [1, 512]),
        state,
        sr: new Tensor('int64', BigInt64Array.of(16_000n), []),
      });
      state = stateN as Tensor;
      highest = Math.max(highest, (output as Tensor).data[0] as number);
    }
    expect(Math.max(...reference)).toBeGreaterThan(0.99);
    expect(highest).toBeLessThan(0.5);
  });

  test.skipIf(!existsSync(SHARED))(
    "agree with Silero's own on a minute of speech (needs ../shared/speech)",
    async () => {
      const expected: number[] = JSON.parse(
        readFileSync(join(SHARED, 'silero-test-60s.v6.2-probabilities.json'), 'utf8'),
      );
      const { probabilities } = await listen(samplesOf(join(SHARED, 'silero-test-60s.wav')), 16_000, () => 333);
      expect(probabilities.length).toBe(expected.length);
      expectClose(probabilities, expected);
    },
  );

  test('of streams that run at the same time do not touch each other', async () => {
    const all = await Promise.all([320, 480, 1_000].map((length) => listen(clip, 16_000, () => length)));
    for (const { probabilities } of all) expectClose(probabilities, reference);
  });
});

describe('a stream', () => {
  test('gives the same however the signal is cut', async () => {
    const whole = await listen(clip, 24_000, () => clip.length);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 20 }),
        async (lengths) => {
          let i = 0;
          const pieces = await listen(clip, 24_000, () => lengths[i++ % lengths.length] as number);
          expect(pieces.probabilities).toEqual(whole.probabilities);
          expect(pieces.segments).toEqual(whole.segments);
        },
      ),
      { numRuns: 8 },
    );
  });

  test('takes pushes that are not waited for, in order', async () => {
    const stream = vad.open(16_000, OPTIONS);
    const pushes: Promise<VadReport>[] = [];
    for (let i = 0; i < clip.length; i += 320) pushes.push(stream.push(clip.subarray(i, i + 320)));
    const segments = stream.finish();
    const reports = await Promise.all(pushes);
    expectClose(
      reports.flatMap((report) => report.probabilities),
      reference,
    );
    expect((await segments).segments).toEqual((await listen(clip, 16_000, () => 320)).segments);
  });

  test('reports positions in the signal that was pushed, whatever its rate', async () => {
    const [at16] = (await listen(clip, 16_000, () => 320)).segments;
    for (const rate of [8_000, 24_000, 44_100, 48_000]) {
      const [segment, ...more] = (await listen(resampled(clip, 16_000, rate), rate, () => 480)).segments;
      expect(more).toEqual([]);
      expect(Math.abs(Number(segment?.startSample) / rate - Number(at16?.startSample) / 16_000)).toBeLessThan(0.1);
      expect(Math.abs(Number(segment?.endSample) / rate - Number(at16?.endSample) / 16_000)).toBeLessThan(0.1);
    }
  });

  test('tells speech, silence and the end of a segment as they come', async () => {
    const quiet = new Int16Array(16_000);
    const { reports, segments } = await listen(Int16Array.from([...clip, ...quiet]), 16_000, () => 512);
    const first = reports.findIndex((report) => report.speaking);
    const last = reports.findLastIndex((report) => report.speaking);
    expect(reports.slice(first, last + 1).every((report) => report.speaking)).toBe(true);
    expect(reports.findIndex((report) => report.segmentEnded)).toBe(last + 1);
    expect(segments.length).toBe(1);
    expect(reports[first]?.silenceMs).toBe(0);
    expect(reports.at(-1)?.silenceMs).toBeGreaterThan(900);
  });

  test('finds with every option what is found in the whole recording', async () => {
    const samples = Int16Array.from([...clip, ...new Int16Array(8_000), ...clip]);
    const options = { ...OPTIONS, padBeforeMs: 90, padAfterMs: 20, maxSpeechMs: 1_500, smoothing: 0.6 };
    const { reports, probabilities, last, segments } = await listen(samples, 16_000, () => 512, options);
    const heard = Float32Array.from([...probabilities, ...last]);
    const track = { sampleRate: 16_000, samples: samples.length, probabilities: heard };
    const offline = segmentTrack(track, { ...options, minSilenceAtMaxMs: 98, cutAtLongestSilence: true });
    expect(segments).toEqual(offline.map(({ startSample, endSample }) => ({ startSample, endSample })));
    expect(segments).not.toEqual((await listen(samples, 16_000, () => 512)).segments);
    // The speaker has not paused yet: it was cut because it had become too long.
    const ended = reports.findIndex(({ segmentEnded }) => segmentEnded);
    expect(reports[ended]?.silenceMs).toBeLessThan(options.minSilenceMs);
  });

  test('without speech has no segments; without sound neither', async () => {
    expect((await listen(new Int16Array(48_000), 24_000, () => 480)).segments).toEqual([]);
    expect(await vad.open(24_000, OPTIONS).finish()).toEqual({ probabilities: [], segments: [] });
  });

  test('hears speech that begins in a last window that is not full', async () => {
    const lastWindow = 13 * 512;
    expect(Math.max(...reference.slice(0, 13))).toBeLessThan(0.5);
    const stream = vad.open(16_000, { ...OPTIONS, minSpeechMs: 0, padBeforeMs: 0, padAfterMs: 0 });
    await stream.push(clip.subarray(0, lastWindow + 400));
    const { segments } = await stream.finish();
    expect(segments).toEqual([{ startSample: lastWindow, endSample: lastWindow + 400 }]);
  });
});
