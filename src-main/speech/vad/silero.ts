/**
 * Silero VAD 6.2 at 16 kHz: the model, loaded once, and the memory it needs for each signal.
 * A window is heard behind the last 64 samples of the one before; without that context the model raises no error
 * and its answers are worthless. Tensors are reused and one thread is used: new tensors or more threads cost more.
 * Source: https://github.com/snakers4/silero-vad, `OnnxWrapper`.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { Fault } from '../../fault.ts';
import { readWeights } from './weights.ts';

/** In Hz. */
export const SILERO_RATE = 16_000;
/** Samples of a window: 32 ms. */
export const SILERO_WINDOW = 512;
const CONTEXT = 64;
const STATE_SHAPE = [2, 1, 128];

export interface SileroModel {
  /** sha256 of the weights, hex. */
  readonly sha256: string;
  /** Memory for one signal, at its beginning. */
  open(): SileroSignal;
}

export interface SileroSignal {
  /** To be filled with the next `SILERO_WINDOW` samples, -1..1, before each `measure`. */
  readonly window: Float32Array;
  /** Probability of speech in the window, 0..1. Not to be called again before it has answered. */
  measure(): Promise<number>;
}

/**
 * @param modelsFolder holds `manifest.json` and the weights
 * @throws Fault `weights-missing`, `weights-altered`, `vad-unavailable`
 */
export async function loadSilero(modelsFolder: string): Promise<SileroModel> {
  const { sha256, session, TensorClass } = await loadSileroSession(modelsFolder);
  return { sha256, open: () => openSignal(session, TensorClass) };
}

export interface SileroSession {
  /** sha256 of the weights, hex. */
  readonly sha256: string;
  readonly session: InferenceSession;
  readonly TensorClass: typeof Tensor;
}

/** The model itself, on one thread, for whoever feeds it otherwise. @throws Fault as `loadSilero` */
export async function loadSileroSession(modelsFolder: string): Promise<SileroSession> {
  const { bytes, sha256 } = await readWeights(modelsFolder, 'silero_vad_v6.onnx');
  try {
    const onnx = await import('onnxruntime-node');
    const session = await onnx.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    return { sha256, session, TensorClass: onnx.Tensor };
  } catch (cause) {
    throw new Fault('vad-unavailable', 'Voice detection (onnxruntime-node) does not start on this machine', {
      hint: 'Install the dependencies again with `npm ci`; `squelch doctor` shows what works here',
      stage: 'vad',
      cause,
    });
  }
}

function openSignal(session: InferenceSession, TensorClass: typeof Tensor): SileroSignal {
  const input = new Float32Array(CONTEXT + SILERO_WINDOW);
  const probability = new Float32Array(1);
  const inputTensor = new TensorClass('float32', input, [1, input.length]);
  const output = new TensorClass('float32', probability, [1, 1]);
  const sr = new TensorClass('int64', BigInt64Array.of(BigInt(SILERO_RATE)), []);
  const [before, after] = [0, 1].map(() => new TensorClass('float32', new Float32Array(2 * 128), STATE_SHAPE)) as [
    Tensor,
    Tensor,
  ];
  // The state that one call writes is the one that the next call reads.
  let current = {
    feeds: { input: inputTensor, state: before, sr },
    fetches: { output, stateN: after },
  };
  let next = {
    feeds: { input: inputTensor, state: after, sr },
    fetches: { output, stateN: before },
  };
  return {
    window: input.subarray(CONTEXT),
    async measure() {
      await session.run(current.feeds, current.fetches);
      [current, next] = [next, current];
      input.copyWithin(0, SILERO_WINDOW);
      return probability[0] as number;
    },
  };
}
