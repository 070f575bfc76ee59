/**
 * Silero over several recordings at once, one window of each per call: per window that is more than twice as fast as
 * one recording alone, and each recording's probabilities are bit for bit the same.
 * Tensors: `input` [rows, context + window], `state` [2, rows, 128], `output` [rows, 1].
 */
import type { Tensor } from 'onnxruntime-node';
import type { SileroSession } from '../speech/vad/silero.ts';
import { windowSamplesAt } from './parameters.ts';

const STATE = 128;

export class SileroBatch {
  readonly rows: number;
  /** To be filled with each row's next window, -1..1, before each `measure`. */
  readonly windows: readonly Float32Array[];
  /** Probability of speech in the last measured window of each row. */
  readonly probabilities: Float32Array;
  private readonly model: SileroSession;
  private readonly sampleRate: number;
  private readonly window: number;
  private readonly context: number;
  private readonly input: Float32Array;
  private readonly inputTensor: Tensor;
  private readonly outputTensor: Tensor;
  private readonly rate: Tensor;
  private states: readonly [StateTensor, StateTensor];

  /** @param sampleRate 8,000 or 16,000 */
  constructor(model: SileroSession, sampleRate: number, rows: number) {
    const { TensorClass } = model;
    this.model = model;
    this.sampleRate = sampleRate;
    this.rows = rows;
    this.window = windowSamplesAt(sampleRate);
    this.context = this.window / 8;
    const width = this.context + this.window;
    this.input = new Float32Array(rows * width);
    this.windows = Array.from({ length: rows }, (_, row) =>
      this.input.subarray(row * width + this.context, (row + 1) * width),
    );
    this.probabilities = new Float32Array(rows);
    this.inputTensor = new TensorClass('float32', this.input, [rows, width]);
    this.outputTensor = new TensorClass('float32', this.probabilities, [rows, 1]);
    this.rate = new TensorClass('int64', BigInt64Array.of(BigInt(sampleRate)), []);
    const state = (): StateTensor => {
      const values = new Float32Array(2 * rows * STATE);
      return { values, tensor: new TensorClass('float32', values, [2, rows, STATE]) };
    };
    this.states = [state(), state()];
  }

  /** Makes the row ready for another recording. */
  reset(row: number): void {
    const width = this.context + this.window;
    this.input.fill(0, row * width, (row + 1) * width);
    const [{ values }] = this.states;
    for (const layer of [0, 1]) {
      const start = (layer * this.rows + row) * STATE;
      values.fill(0, start, start + STATE);
    }
  }

  /** Answers in `probabilities`. */
  async measure(): Promise<void> {
    const [before, after] = this.states;
    await this.model.session.run(
      { input: this.inputTensor, state: before.tensor, sr: this.rate },
      { output: this.outputTensor, stateN: after.tensor },
    );
    this.states = [after, before];
    const width = this.context + this.window;
    for (let row = 0; row < this.rows; row++) {
      this.input.copyWithin(row * width, (row + 1) * width - this.context, (row + 1) * width);
    }
  }

  /** A smaller batch in which the given rows go on where they are. */
  only(rows: readonly number[]): SileroBatch {
    const batch = new SileroBatch(this.model, this.sampleRate, rows.length);
    const width = this.context + this.window;
    const [{ values: from }] = this.states;
    const [{ values: to }] = batch.states;
    for (const [target, row] of rows.entries()) {
      batch.input.set(this.input.subarray(row * width, (row + 1) * width), target * width);
      for (const layer of [0, 1]) {
        const start = (layer * this.rows + row) * STATE;
        to.set(from.subarray(start, start + STATE), (layer * rows.length + target) * STATE);
      }
    }
    return batch;
  }
}

interface StateTensor {
  readonly values: Float32Array;
  readonly tensor: Tensor;
}
