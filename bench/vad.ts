/**
 * Live voice detection per 32 ms window, whole (20 ms frames pushed into a stream at 16 and at 24 kHz, report awaited),
 * beside the bare ONNX call with reused tensors; all three in turn on the same speech, so that noise falls on each.
 * Run: node bench/vad.ts [rounds]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createResampler } from '../src-main/audio/resample.ts';
import { loadVad } from '../src-main/speech/vad/silero-vad.ts';
import type { VadStream } from '../src-main/speech/vad/vad.ts';
import { DEFAULT_SETTINGS } from '../src-preload/settings.ts';
import { quantile } from './quantile.ts';

const MODELS = join(import.meta.dirname, '../models');
/** 160 ms: 8 frames of 20 ms are 5 windows of 32 ms. */
const FRAMES = 8;
const WINDOWS = 5;
const WARM_UP_ROUNDS = 50;

const rounds = Number(process.argv[2] ?? 2_000);
const file = readFileSync(join(import.meta.dirname, '../tests/support/audio/speech.wav')).subarray(44);
const at16 = new Int16Array(new Uint8Array(file).buffer);
const at24 = createResampler(16_000, 24_000).push(at16);

const vad = await loadVad(MODELS);
const options = DEFAULT_SETTINGS.vad;
const stream16 = vad.open(16_000, options);
const stream24 = vad.open(24_000, options);
const runBare = await bareModel();

const contenders = [
  { name: 'bare session.run', run: runBare, us: [] as number[] },
  { name: 'VadStream at 16 kHz', run: (round: number) => pushFrames(stream16, at16, 320, round), us: [] as number[] },
  { name: 'VadStream at 24 kHz', run: (round: number) => pushFrames(stream24, at24, 480, round), us: [] as number[] },
];

for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
  const first = Math.abs(round) % contenders.length;
  for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
    const start = performance.now();
    await contender.run(Math.abs(round));
    if (round >= 0) contender.us.push(((performance.now() - start) * 1000) / WINDOWS);
  }
}

const [bare] = contenders;
console.log(`${rounds} rounds of ${WINDOWS} windows; µs per window of 32 ms`);
for (const { name, us } of contenders) {
  const p50 = quantile(us, 0.5);
  const ratio = p50 / quantile(bare?.us ?? [], 0.5);
  const p95 = quantile(us, 0.95);
  console.log(
    `${name.padEnd(22)} p50 ${p50.toFixed(1).padStart(6)}  p95 ${p95.toFixed(1).padStart(6)}  × ${ratio.toFixed(3)}`,
  );
}

async function pushFrames(stream: VadStream, signal: Int16Array, frameSamples: number, round: number) {
  const blocks = Math.floor(signal.length / (FRAMES * frameSamples));
  let offset = (round % blocks) * FRAMES * frameSamples;
  for (let i = 0; i < FRAMES; i++, offset += frameSamples) {
    await stream.push(signal.subarray(offset, offset + frameSamples));
  }
}

async function bareModel() {
  const session = await InferenceSession.create(join(MODELS, 'silero_vad_v6.onnx'), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const input = new Float32Array(576);
  const feeds = {
    input: new Tensor('float32', input, [1, 576]),
    state: new Tensor('float32', new Float32Array(256), [2, 1, 128]),
    sr: new Tensor('int64', BigInt64Array.of(16_000n), []),
  };
  const fetches = {
    output: new Tensor('float32', new Float32Array(1), [1, 1]),
    stateN: new Tensor('float32', new Float32Array(256), [2, 1, 128]),
  };
  return async (round: number) => {
    const blocks = Math.floor(at16.length / (WINDOWS * 512));
    const start = (round % blocks) * WINDOWS * 512;
    for (let i = 0; i < WINDOWS; i++) {
      for (let k = 0; k < 512; k++) input[64 + k] = (at16[start + i * 512 + k] as number) / 32_768;
      await session.run(feeds, fetches);
    }
  };
}
