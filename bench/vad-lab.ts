/**
 * Offline voice detection: probabilities per 32 ms window in one thread, beside the bare frame-by-frame ONNX loop on the
 * same sound; then re-segmenting an hour, and a grid of 10,080 settings scored over an hour.
 * With --peers, also the live detector of @livekit/agents-plugin-silero on a minute of it, installed for this run alone.
 * Run: node bench/vad-lab.ts [recordings] [--peers]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeWav } from '../src-main/audio/wav.ts';
import { loadSileroSession, type SileroSession } from '../src-main/speech/vad/silero.ts';
import { measure } from '../src-main/vad-lab/measure.ts';
import { scorable } from '../src-main/vad-lab/metrics/score.ts';
import { SILERO_PARAMETERS } from '../src-main/vad-lab/parameters.ts';
import { OfflineSegmenter, segmentTrack } from '../src-main/vad-lab/segmentation.ts';
import { SileroBatch } from '../src-main/vad-lab/silero-batch.ts';
import { tune } from '../src-main/vad-lab/tuning/tune.ts';
import { quantile } from './quantile.ts';

const MODELS = join(import.meta.dirname, '../models');
const SPEECH = join(import.meta.dirname, '../tests/support/audio/speech.wav');
const RATE = 16_000;
const WINDOW = 512;
const MINUTES_EACH = 1;
const BATCH = 64;
const ROUNDS = 3;
const HOUR_WINDOWS = Math.floor((3_600 * RATE) / WINDOW);

const LIVEKIT = `
import { readFileSync } from 'node:fs';
import { initializeLogger, VADEventType } from '@livekit/agents';
import { VAD } from '@livekit/agents-plugin-silero';
import { AudioFrame, dispose } from '@livekit/rtc-node';
initializeLogger({ pretty: false, level: 'silent' });
const samples = new Int16Array(new Uint8Array(readFileSync('minute.wav').subarray(44)).buffer);
const stream = (await VAD.load()).stream();
const start = performance.now();
for (let i = 0; i + 320 <= samples.length; i += 320) stream.pushFrame(new AudioFrame(samples.slice(i, i + 320), 16000, 1, 320));
// endInput() throws in 1.9, so the last windows are not waited for.
let left = Math.floor(samples.length / 512) - 10;
for await (const { type } of stream) if (type === VADEventType.INFERENCE_DONE && --left === 0) break;
console.log(((performance.now() - start) * 1000 / Math.floor(samples.length / 512)).toFixed(1));
await dispose();
process.exit(0);
`;

const count = Number(process.argv.slice(2).find((argument) => /^\d+$/.test(argument)) ?? 64);
const clip = new Int16Array(new Uint8Array(readFileSync(SPEECH).subarray(44)).buffer);
const folder = await mkdtemp(join(tmpdir(), 'squelch-bench-'));
try {
  await probabilities();
  await settings();
  if (process.argv.includes('--peers')) await peers();
} finally {
  await rm(folder, { recursive: true });
}

async function probabilities(): Promise<void> {
  const paths = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const path = join(folder, `${i}.wav`);
      await writeFile(path, encodeWav(repeated(i * 1_000, MINUTES_EACH * 60 * RATE), RATE));
      return path;
    }),
  );
  const windows = (count * MINUTES_EACH * 60 * RATE) / WINDOW;
  const model = await loadSileroSession(MODELS);
  const alone: number[] = [];
  const stalls: number[] = [];
  const bare: number[] = [];
  const batched: number[] = [];
  const started = await timed(() => measure({ modelsFolder: MODELS, cacheFolder: null, paths: [], threads: 1 }));
  for (let round = 0; round < ROUNDS; round++) {
    bare.push((await bareLoop(repeated(round, 60 * RATE))) * 1000);
    alone.push((await batchAlone(model)) * 1000);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const ms = await timed(() => measure({ modelsFolder: MODELS, cacheFolder: null, paths, threads: 1 }));
    delay.disable();
    stalls.push(delay.max / 1e6);
    batched.push(((ms - started) * 1000) / windows);
  }
  const [one, batch, many] = [bare, alone, batched].map((us) => quantile(us, 0.5)) as [number, number, number];
  console.log(`Probabilities, ${count} recordings of ${MINUTES_EACH} min in one thread, µs per window of 32 ms`);
  console.log(`  bare loop, window by window  ${one.toFixed(1)}`);
  console.log(`  batch of ${BATCH}, model alone     ${batch.toFixed(1)}  ${(one / batch).toFixed(2)} × as fast`);
  console.log(`  files read, digested, heard  ${many.toFixed(1)}  ${(one / many).toFixed(2)} × as fast`);
  console.log(
    `  longest stall of this thread ${Math.max(...stalls).toFixed(1)} ms; a thread starts in ${started.toFixed(0)} ms`,
  );
}

async function settings(): Promise<void> {
  const track = { sampleRate: RATE, samples: HOUR_WINDOWS * WINDOW, probabilities: await hourOfProbabilities() };
  const segmenter = new OfflineSegmenter();
  const again: number[] = [];
  let segments = 0;
  for (let i = 0; i < 300; i++) {
    const parameters = { ...SILERO_PARAMETERS, threshold: 0.2 + (i % 60) / 100 };
    const start = performance.now();
    segments = segmenter.run(track, parameters).count;
    again.push(performance.now() - start);
  }
  console.log(`Segmenting an hour again (${segments} segments), ms`);
  console.log(`  p50 ${quantile(again, 0.5).toFixed(2)}  p95 ${quantile(again, 0.95).toFixed(2)}`);

  const labels = segmentTrack(track, { ...SILERO_PARAMETERS, threshold: 0.4 }).map(({ startSample, endSample }) => ({
    startMs: startSample / 16,
    endMs: endSample / 16,
    text: '',
  }));
  const start = performance.now();
  const options = { goal: { mix: { f1: 1 } }, holdout: { folds: 5 }, seed: 1 };
  const { evaluations } = tune([scorable('hour.wav', track, labels)], [], options);
  const seconds = (performance.now() - start) / 1000;
  console.log(`Scoring ${evaluations} settings over an hour with ${labels.length} labels: ${seconds.toFixed(1)} s`);
}

/** What the model hears in the clip, over and over, each time a little otherwise. */
async function hourOfProbabilities(): Promise<Float32Array> {
  const path = join(folder, 'clip.wav');
  await writeFile(path, encodeWav(clip, RATE));
  const { recordings } = await measure({ modelsFolder: MODELS, cacheFolder: null, paths: [path], threads: 1 });
  const [recording] = recordings;
  if (!recording || 'fault' in recording) throw new Error('The clip was not measured');
  const heard = recording.track.probabilities;
  return Float32Array.from({ length: HOUR_WINDOWS }, (_, i) => {
    const wobble = 0.2 * Math.sin(i * 0.37) * Math.sin(i * 0.011);
    return Math.min(1, Math.max(0, (heard[i % heard.length] as number) + wobble));
  });
}

/** Every row with other speech. @returns ms per window */
async function batchAlone(model: SileroSession): Promise<number> {
  const batch = new SileroBatch(model, RATE, BATCH);
  const calls = 60;
  let filling = 0;
  const ms = await timed(async () => {
    for (let call = 0; call < calls; call++) {
      const start = performance.now();
      for (const [row, window] of batch.windows.entries()) {
        for (let i = 0; i < WINDOW; i++)
          window[i] = (clip[(row * 999 + call * WINDOW + i) % clip.length] as number) / 32_768;
      }
      filling += performance.now() - start;
      await batch.measure();
    }
  });
  return (ms - filling) / (calls * BATCH);
}

/** @returns ms per window */
async function bareLoop(samples: Int16Array): Promise<number> {
  const session = await InferenceSession.create(join(MODELS, 'silero_vad_v6.onnx'), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const input = new Float32Array(64 + WINDOW);
  const sr = new Tensor('int64', BigInt64Array.of(BigInt(RATE)), []);
  let state = new Tensor('float32', new Float32Array(256), [2, 1, 128]);
  const ms = await timed(async () => {
    for (let start = 0; start + WINDOW <= samples.length; start += WINDOW) {
      input.copyWithin(0, WINDOW);
      for (let i = 0; i < WINDOW; i++) input[64 + i] = (samples[start + i] as number) / 32_768;
      const { stateN } = await session.run({ input: new Tensor('float32', input, [1, 576]), state, sr });
      state = stateN as typeof state;
    }
  });
  return ms / Math.floor(samples.length / WINDOW);
}

/** The plugin as it is meant to be used: frames of 20 ms in, events out. */
async function peers(): Promise<void> {
  const minute = repeated(0, 60 * RATE);
  await writeFile(join(folder, 'minute.wav'), encodeWav(minute, RATE));
  await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}');
  const packages = ['@livekit/agents', '@livekit/agents-plugin-silero', '@livekit/rtc-node'];
  const environment = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  execFileSync('npm', ['i', '--no-audit', '--no-fund', ...packages], {
    cwd: folder,
    env: environment,
    stdio: 'ignore',
  });
  await writeFile(join(folder, 'livekit.mjs'), LIVEKIT);
  const output = execFileSync(process.execPath, ['livekit.mjs'], { cwd: folder, env: environment, encoding: 'utf8' });
  const bare = (await bareLoop(minute)) * 1000;
  const theirs = Number(output.trim().split('\n').at(-1));
  console.log('Live, µs per window of 32 ms');
  console.log(
    `  @livekit/agents-plugin-silero ${theirs.toFixed(1)}, ${(theirs / bare).toFixed(2)} × the bare loop right after`,
  );
}

function repeated(offset: number, length: number): Int16Array {
  return Int16Array.from({ length }, (_, i) => clip[(i + offset) % clip.length] as number);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
