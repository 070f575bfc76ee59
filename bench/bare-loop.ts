/** The floor of voice detection benchmarks: the model called window by window, with nothing around it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export const MODELS = join(import.meta.dirname, '../models');
export const RATE = 16_000;
export const WINDOW = 512;

const SPEECH = join(import.meta.dirname, '../tests/support/audio/speech.wav');
/** Speech at 16 kHz. */
export const clip = new Int16Array(new Uint8Array(readFileSync(SPEECH).subarray(44)).buffer);

/** The clip over and over, from some place in it. */
export function repeated(offset: number, length: number): Int16Array {
  return Int16Array.from({ length }, (_, i) => clip[(i + offset) % clip.length] as number);
}

/** @returns ms per window */
export async function bareLoop(samples: Int16Array): Promise<number> {
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

/** @returns ms */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
