/**
 * Voice detection of others on the same minutes of speech, each as it is meant to be used, in turn with the bare ONNX
 * loop and with ours: the live detector of @livekit/agents-plugin-silero (frames of 20 ms in, events out) and the
 * detector for recordings of @ricky0123/vad-web (a whole recording in, segments out). They are installed for this run.
 * Run: node bench/vad-peers.ts [rounds]
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '../src-main/audio/wav.ts';
import { measure } from '../src-main/vad-lab/measure.ts';
import { bareLoop, MODELS, RATE, repeated, timed, WINDOW } from './bare-loop.ts';
import { quantile } from './quantile.ts';

const MINUTES = 4;
const WINDOWS = Math.floor((60 * RATE) / WINDOW);
const PACKAGES = [
  '@livekit/agents@1.9.0',
  '@livekit/agents-plugin-silero@1.9.0',
  '@livekit/rtc-node@0.13.35',
  '@ricky0123/vad-web@0.0.31',
  'onnxruntime-web',
];

/** Reads the named minutes, calls `hear` with each, prints microseconds per 32 ms of sound. */
const HARNESS = `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const minutes = process.argv.slice(2).map((path) => new Int16Array(new Uint8Array(readFileSync(path).subarray(44)).buffer));
const run = async (hear) => {
  await hear(minutes[0]);
  const start = performance.now();
  for (const minute of minutes) await hear(minute);
  console.log(((performance.now() - start) * 1000) / (minutes.length * Math.floor(minutes[0].length / 512)));
};`;

const LIVEKIT = `${HARNESS}
import { initializeLogger, VADEventType } from '@livekit/agents';
import { VAD } from '@livekit/agents-plugin-silero';
import { AudioFrame, dispose } from '@livekit/rtc-node';
initializeLogger({ pretty: false, level: 'silent' });
const vad = await VAD.load();
await run(async (samples) => {
  const stream = vad.stream();
  for (let i = 0; i + 320 <= samples.length; i += 320) stream.pushFrame(new AudioFrame(samples.slice(i, i + 320), 16000, 1, 320));
  // endInput() throws in 1.9, so the last windows are not waited for.
  let left = Math.floor(samples.length / 512) - 10;
  for await (const { type } of stream) if (type === VADEventType.INFERENCE_DONE && --left === 0) break;
  stream.close();
});
await dispose();
process.exit(0);
`;

const VAD_WEB = `${HARNESS}
const require = createRequire(import.meta.url);
console.debug = () => {};
const log = console.log;
console.log = (first, ...rest) => { if (typeof first === 'number') log(first); };
const { NonRealTimeVAD } = require('@ricky0123/vad-web');
const vad = await NonRealTimeVAD.new({
  modelURL: require.resolve('@ricky0123/vad-web/dist/silero_vad_legacy.onnx'),
  modelFetcher: async (path) => new Uint8Array(readFileSync(path)).buffer,
  ortConfig: (ort) => { ort.env.wasm.numThreads = 1; },
});
await run(async (samples) => {
  for await (const _ of vad.run(Float32Array.from(samples, (sample) => sample / 32768), 16000));
});
`;

const rounds = Number(process.argv[2] ?? 3);
const folder = await mkdtemp(join(tmpdir(), 'squelch-bench-'));
try {
  const environment = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}');
  execFileSync('npm', ['i', '--no-audit', '--no-fund', ...PACKAGES], {
    cwd: folder,
    env: environment,
    stdio: 'ignore',
  });
  await writeFile(join(folder, 'livekit.mjs'), LIVEKIT);
  await writeFile(join(folder, 'vad-web.mjs'), VAD_WEB);
  const paths = await Promise.all(
    Array.from({ length: MINUTES }, async (_, i) => {
      const path = join(folder, `${i}.wav`);
      await writeFile(path, encodeWav(repeated(i * 1_000, 60 * RATE), RATE));
      return path;
    }),
  );
  const theirs = (script: string) =>
    Number(
      execFileSync(process.execPath, [script, ...paths], {
        cwd: folder,
        env: environment,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .trim()
        .split('\n')
        .at(-1),
    );
  const measured = async (files: readonly string[]) =>
    (await timed(() => measure({ modelsFolder: MODELS, cacheFolder: null, paths: files, threads: 1 }))) * 1000;
  const started = await measured([]);
  const contenders: [string, () => Promise<number>, number[]][] = [
    ['bare loop, window by window', async () => (await bareLoop(repeated(0, 60 * RATE))) * 1000, []],
    [`ours, ${MINUTES} recordings`, async () => ((await measured(paths)) - started) / (MINUTES * WINDOWS), []],
    ['@livekit/agents-plugin-silero', async () => theirs('livekit.mjs'), []],
    ['@ricky0123/vad-web', async () => theirs('vad-web.mjs'), []],
  ];
  for (let round = 0; round < rounds; round++) for (const [, run, all] of contenders) all.push(await run());
  console.log(`${MINUTES} recordings of one minute, one thread, ${rounds} rounds; µs per 32 ms of sound`);
  const bare = quantile(contenders[0]?.[2] ?? [], 0.5);
  for (const [name, , all] of contenders) {
    const p50 = quantile(all, 0.5);
    console.log(`  ${name.padEnd(32)} ${p50.toFixed(1).padStart(8)}  ${(p50 / bare).toFixed(2)} × the bare loop`);
  }
} finally {
  await rm(folder, { recursive: true });
}
