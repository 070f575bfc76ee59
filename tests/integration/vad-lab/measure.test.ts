import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createResampler } from '../../../src-main/audio/resample.ts';
import { encodeWav, readWavHeader } from '../../../src-main/audio/wav.ts';
import { type Measured, type Measurement, measure } from '../../../src-main/vad-lab/measure.ts';
import { segmentTrack } from '../../../src-main/vad-lab/segmentation.ts';
import { SILERO_PARAMETERS } from '../../../src-preload/vad-parameters.ts';
import { floatWav } from '../../support/audio/float-wav.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MODELS = join(ROOT, 'models');
const CLIP = join(ROOT, 'tests/support/audio/speech.wav');
const SHARED = join(ROOT, '../shared/speech');
const reference: number[] = JSON.parse(readFileSync(CLIP.replace('.wav', '.probabilities.json'), 'utf8'));

function samplesOf(path: string): Int16Array {
  const file = new Uint8Array(readFileSync(path));
  const offset = readWavHeader(file)?.dataOffset ?? Number.NaN;
  return new Int16Array(file.slice(offset, file.length - (file.length % 2)).buffer);
}

const clip = samplesOf(CLIP);

async function recordings(files: Record<string, Uint8Array>): Promise<string[]> {
  const folder = await temporaryFolder();
  return Promise.all(
    Object.entries(files).map(async ([name, bytes]) => {
      await writeFile(join(folder, name), bytes);
      return join(folder, name);
    }),
  );
}

const hear = (paths: readonly string[], cacheFolder: string | null = null, threads = 1): Promise<Measurement> =>
  measure({ modelsFolder: MODELS, cacheFolder, paths, threads });

function measured({ recordings: all }: Measurement, index = 0): Measured {
  const recording = all[index];
  if (!recording || 'fault' in recording) throw new Error(`not measured: ${recording?.fault}`);
  return recording;
}

function expectClose(actual: Float32Array, expected: readonly number[]) {
  expect(actual.length).toBe(expected.length);
  let furthest = 0;
  for (const [i, value] of actual.entries()) furthest = Math.max(furthest, Math.abs(value - (expected[i] as number)));
  expect(furthest).toBeLessThan(1e-4);
}

/** The model called window by window, as its authors do. */
async function bareProbabilities(samples: Int16Array, sampleRate: 8_000 | 16_000): Promise<number[]> {
  const window = sampleRate === 16_000 ? 512 : 256;
  const context = window / 8;
  const session = await InferenceSession.create(join(MODELS, 'silero_vad_v6.onnx'));
  let state: Tensor = new Tensor('float32', new Float32Array(256), [2, 1, 128]);
  const probabilities: number[] = [];
  for (let start = 0; start < samples.length; start += window) {
    const input = Float32Array.from(
      { length: context + window },
      (_, i) => (samples[start - context + i] ?? 0) / 32_768,
    );
    const { output, stateN } = await session.run({
      input: new Tensor('float32', input, [1, input.length]),
      state,
      sr: new Tensor('int64', BigInt64Array.of(BigInt(sampleRate)), []),
    });
    state = stateN as Tensor;
    probabilities.push((output as Tensor).data[0] as number);
  }
  return probabilities;
}

describe('probabilities', () => {
  test('are those of the model called as its authors call it, the last window padded', async () => {
    const { track } = measured(await hear([CLIP]));
    expect(track.samples).toBe(clip.length);
    expectClose(track.probabilities, await bareProbabilities(clip, 16_000));
    expectClose(track.probabilities.slice(0, reference.length), reference);
  });

  test('at 8 kHz are those of the model at 8 kHz', async () => {
    const at8 = createResampler(16_000, 8_000).push(clip);
    const { track } = measured(await hear(await recordings({ 'a.wav': encodeWav(at8, 8_000) })));
    expect([track.sampleRate, track.samples]).toEqual([8_000, at8.length]);
    expectClose(track.probabilities, await bareProbabilities(at8, 8_000));
  });

  test('at other rates are those of the sound at 16 kHz', async () => {
    const at48 = createResampler(16_000, 48_000).push(clip);
    const [path = ''] = await recordings({ 'a.wav': encodeWav(at48, 48_000) });
    const { track } = measured(await hear([path]));
    const resampler = createResampler(48_000, 16_000);
    expectClose(
      track.probabilities,
      await bareProbabilities(Int16Array.from([...resampler.push(at48), ...resampler.flush()]), 16_000),
    );
    expect(track.sampleRate).toBe(16_000);
  });

  test('are the same to the bit beside any others, in any number of threads', async () => {
    const lengths = [clip.length, 20_000, 700, 31_337, 512, 100, clip.length - 1];
    const files = Object.fromEntries(
      lengths.map((length, i) => [`${i}.wav`, encodeWav(clip.slice(0, length), i % 3 ? 16_000 : 8_000)]),
    );
    const paths = await recordings(files);
    const together = await hear(paths);
    const threaded = await hear(paths, null, 2);
    for (const [i, path] of paths.entries()) {
      const alone = measured(await hear([path])).track;
      expect(measured(together, i).track).toEqual(alone);
      expect(measured(threaded, i).track).toEqual(alone);
      expect(alone.samples).toBe(lengths[i]);
    }
    // Ten threads are started, each with a model of its own.
  }, 60_000);

  test('carry nothing over from the recording before, when there are more than fit side by side', async () => {
    const lengths = Array.from({ length: 70 }, (_, i) => 5_000 - 10 * i);
    const parts = lengths.map((length) => clip.slice(8_000, 8_000 + length));
    const paths = await recordings(Object.fromEntries(parts.map((part, i) => [`${i}.wav`, encodeWav(part, 16_000)])));
    const measurement = await hear(paths);
    for (let i = 60; i < 70; i++) {
      const expected = await bareProbabilities(parts[i] as Int16Array, 16_000);
      expectClose(measured(measurement, i).track.probabilities, expected);
    }
  });

  test.skipIf(!existsSync(SHARED))(
    "agree with Silero's own on a minute of speech (needs ../shared/speech)",
    async () => {
      const expected = JSON.parse(readFileSync(join(SHARED, 'silero-test-60s.v6.2-probabilities.json'), 'utf8'));
      expectClose(measured(await hear([join(SHARED, 'silero-test-60s.wav')])).track.probabilities, expected);
    },
  );
});

describe('the cache', () => {
  test('knows a recording by its sound, wherever it is, and gives what was measured', async () => {
    const cache = await temporaryFolder();
    const [path = ''] = await recordings({ 'a.wav': encodeWav(clip, 16_000) });
    const first = measured(await hear([path], cache));
    await alterProbabilities(cache);
    const moved = join(dirname(path), 'renamed.wav');
    await rename(path, moved);
    const again = measured(await hear([moved], cache));
    expect(again.audioSha256).toBe(first.audioSha256);
    expect(again.track.probabilities[0]).toBe(0.125);
    expect(again.track.probabilities.slice(1)).toEqual(first.track.probabilities.slice(1));
  });

  test('is not believed when it is damaged', async () => {
    const cache = await temporaryFolder();
    const first = measured(await hear([CLIP], cache));
    const file = await onlyFileIn(cache);
    const bytes = await readFile(file);
    for (const damaged of [bytes.subarray(0, bytes.length - 4), Buffer.from('nonsense'), Buffer.alloc(0)]) {
      await writeFile(file, damaged);
      expect(measured(await hear([CLIP], cache)).track).toEqual(first.track);
    }
  });

  test('that can’t be written costs a warning, not the result', async () => {
    const folder = await temporaryFolder();
    const blocked = join(folder, 'blocked');
    await writeFile(blocked, 'a file where the folder should be');
    const measurement = await hear([CLIP], join(blocked, 'cache'));
    expectClose(measured(measurement).track.probabilities.slice(0, reference.length), reference);
    expect(measurement.warnings).toEqual([expect.stringContaining("can't be kept")]);
  });

  async function onlyFileIn(cache: string): Promise<string> {
    const files = (await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.vad'));
    expect(files).toHaveLength(1);
    return join(cache, files[0] as string);
  }

  /** Puts 0.125 first, with a digest that fits: whoever reads it back has not asked the model. */
  async function alterProbabilities(cache: string): Promise<void> {
    const { createHash } = await import('node:crypto');
    const file = await onlyFileIn(cache);
    const bytes = await readFile(file);
    const end = bytes.indexOf(0x0a);
    const values = bytes.subarray(end + 1);
    values.writeFloatLE(0.125, 0);
    const header = JSON.parse(bytes.toString('utf8', 0, end));
    const sha256 = createHash('sha256').update(values).digest('hex');
    await writeFile(file, Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, sha256 })}\n`), values]));
  }
});

describe('bad input', () => {
  test('is told apart, and the rest of the batch goes on', async () => {
    const silent = new Int16Array(16_000);
    const paths = await recordings({
      'good.wav': encodeWav(clip, 16_000),
      'not-audio.wav': Buffer.from('This is not sound at all, only words.'),
      'zero.wav': Buffer.alloc(0),
      'no-sound.wav': encodeWav(new Int16Array(0), 16_000),
      'cut-off.wav': encodeWav(clip, 16_000).slice(0, 10_000),
      'silent.wav': encodeWav(silent, 16_000),
      'short.wav': encodeWav(clip.slice(8_000, 9_600), 16_000),
      'clipped.wav': encodeWav(
        clip.map((sample) => Math.max(-32_768, Math.min(32_767, sample * 40))),
        16_000,
      ),
    });
    const { recordings: results } = await hear([...paths, join(dirname(paths[0] as string), 'missing.wav')]);
    const outcome = results.map((r) => ('fault' in r ? r.fault.code : r.flaws.join() || 'well'));
    expect(outcome).toEqual([
      'well',
      'audio-unknown',
      'audio-empty',
      'audio-empty',
      'audio-truncated',
      'it is silent from beginning to end',
      'well',
      expect.stringContaining('it is clipped: '),
      'audio-missing',
    ]);
    for (const result of results) if ('fault' in result) expect(result.fault.hint).not.toBe('');
  });

  test('samples that are no numbers count as silence, and are counted', async () => {
    const samples = Float32Array.from(clip, (sample) => sample / 32_768).fill(Number.NaN, 8_000, 8_100);
    const [path = ''] = await recordings({ 'nan.wav': floatWav([samples], 16_000) });
    const { track, flaws } = measured(await hear([path]));
    expect(flaws).toEqual(['100 samples are not numbers; they count as silence']);
    expect(track.probabilities.every(Number.isFinite)).toBe(true);
  });

  test('speech on one side of a stereo recording is heard', async () => {
    const left = Float32Array.from(clip, (sample) => sample / 32_768);
    const [path = ''] = await recordings({ 'stereo.wav': floatWav([left, new Float32Array(left.length)], 16_000) });
    const [segment, ...more] = segmentTrack(measured(await hear([path])).track, SILERO_PARAMETERS);
    const [expected] = segmentTrack(measured(await hear([CLIP])).track, SILERO_PARAMETERS);
    expect(more).toEqual([]);
    expect(Math.abs(Number(segment?.startSample) - Number(expected?.startSample))).toBeLessThanOrEqual(1_024);
  });

  test('channels that cancel each other out are told from silence', async () => {
    const left = Float32Array.from(clip, (sample) => sample / 32_768);
    const [path = ''] = await recordings({ 'turned.wav': floatWav([left, left.map((sample) => -sample)], 16_000) });
    expect(measured(await hear([path])).flaws).toEqual(['its channels cancel each other out: mixed, it is silent']);
  });

  test('an altered model is refused', async () => {
    const models = await temporaryFolder();
    await cp(MODELS, models, { recursive: true });
    const weights = join(models, 'silero_vad_v6.onnx');
    await chmod(weights, 0o600);
    const bytes = await readFile(weights);
    bytes[1_000_000] = (bytes[1_000_000] as number) ^ 1;
    await writeFile(weights, bytes);
    const request = { modelsFolder: models, cacheFolder: null, paths: [CLIP] };
    await expect(measure(request)).rejects.toMatchObject({ name: 'Fault', code: 'weights-altered' });
  });
});

describe('on the way', () => {
  test('progress is told, up to all of the sound', async () => {
    const paths = await recordings({
      'a.wav': encodeWav(clip, 16_000),
      'b.wav': encodeWav(clip.slice(0, 9_000), 16_000),
    });
    const done: number[] = [];
    await measure({
      modelsFolder: MODELS,
      cacheFolder: null,
      paths,
      onProgress: ({ recordingsDone }) => done.push(recordingsDone),
    });
    expect(done.at(-1)).toBe(2);
  });

  test('it can be cancelled, and nothing half measured is kept', async () => {
    const minutes = new Int16Array(16_000 * 60 * 10);
    for (let i = 0; i < minutes.length; i += clip.length) minutes.set(clip.subarray(0, minutes.length - i), i);
    const [path = ''] = await recordings({ 'long.wav': encodeWav(minutes, 16_000) });
    const cacheFolder = join(dirname(path), 'cache');
    await mkdir(cacheFolder);
    const cancel = new AbortController();
    const measuring = measure({
      modelsFolder: MODELS,
      cacheFolder,
      paths: [path],
      signal: cancel.signal,
      onProgress: ({ measuredMs }) => {
        if (measuredMs > 0) cancel.abort();
      },
    });
    await expect(measuring).rejects.toMatchObject({ name: 'Fault', code: 'cancelled' });
    expect(await readdir(cacheFolder)).toEqual([]);
  });
});
