/**
 * Offline voice detection: probabilities per 32 ms window in one thread, beside the bare frame-by-frame ONNX loop on the
 * same sound; then re-segmenting an hour, and a grid of 10,080 settings scored over an hour; then an hour opened in the
 * app, where each movement of a slider is a command of the contract, answered by a thread.
 * Run: node bench/vad-lab.ts [recordings]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../src-main/app.ts';
import { encodeWav } from '../src-main/audio/wav.ts';
import { createMemorySecretStore } from '../src-main/settings/secrets.ts';
import { loadSileroSession, type SileroSession } from '../src-main/speech/vad/silero.ts';
import { measure } from '../src-main/vad-lab/measure.ts';
import { scorable } from '../src-main/vad-lab/metrics/score.ts';
import { OfflineSegmenter, segmentTrack } from '../src-main/vad-lab/segmentation.ts';
import { SileroBatch } from '../src-main/vad-lab/silero-batch.ts';
import { tune } from '../src-main/vad-lab/tuning/tune.ts';
import { SILERO_PARAMETERS } from '../src-preload/vad-parameters.ts';
import { bareLoop, clip, MODELS, RATE, repeated, timed, WINDOW } from './bare-loop.ts';
import { quantile } from './quantile.ts';

const MINUTES_EACH = 1;
const BATCH = 64;
const ROUNDS = 3;
const IDLE_MS = 5_000;
const HOUR_WINDOWS = Math.floor((3_600 * RATE) / WINDOW);

const count = Number(process.argv[2] ?? 64);
const folder = await mkdtemp(join(tmpdir(), 'squelch-bench-'));
try {
  await probabilities();
  await settings();
  await inTheApp();
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

async function inTheApp(): Promise<void> {
  const path = join(folder, 'hour.wav');
  await writeFile(path, encodeWav(repeated(0, 3_600 * RATE), RATE));
  const app = await createApp({
    home: join(folder, 'home'),
    host: 'cli',
    secrets: createMemorySecretStore(),
    environment: {},
  });
  const connection = app.connect({ event: () => {}, packet: () => {} });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await sleep(IDLE_MS);
  const idle = delay.max / 1e6;
  delay.reset();
  await connection.invoke('vadLab.open', { sourceId: 'hour', from: { kind: 'files', paths: [path] } });
  const opening = delay.max / 1e6;
  delay.reset();
  const peaks = await timed(() => app.labFile('hour', '0', 'peaks.i16'));
  const making = delay.max / 1e6;
  delay.reset();
  const answers: number[] = [];
  for (let i = 0; i < 300; i++) {
    const lanes = [{ ...SILERO_PARAMETERS, threshold: 0.2 + (i % 60) / 100 }];
    answers.push(await timed(() => connection.invoke('vadLab.segment', { sourceId: 'hour', recordingId: '0', lanes })));
  }
  delay.disable();
  console.log('An hour in the app, ms');
  console.log(
    `  a slider moved, answered      p50 ${quantile(answers, 0.5).toFixed(2)}  p95 ${quantile(answers, 0.95).toFixed(2)}`,
  );
  console.log(`  sound and peaks made          ${peaks.toFixed(0)}`);
  const stalls = [idle, opening, making, delay.max / 1e6].map((ms) => ms.toFixed(1)) as [
    string,
    string,
    string,
    string,
  ];
  const [still, opened, made, slid] = stalls;
  console.log(
    `  longest stall of the core     ${still} idle, ${opened} opening, ${made} making sound, ${slid} sliding`,
  );
  connection.close();
  await app.close();
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
