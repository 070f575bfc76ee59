/**
 * Sample rate conversion of a live signal, as a polyphase windowed-sinc filter that keeps sound where it was in time.
 * Our own code: beside live voice detection, libsamplerate's WebAssembly port costs four times as much per frame,
 * takes 26 MB for every stream and can't end one.
 * Source of the method: J. O. Smith, "Digital Audio Resampling", https://ccrma.stanford.edu/~jos/resample/.
 */

import { kaiserSinc } from './kaiser-sinc.ts';

export interface Resampler {
  /** @returns what can be said so far of the signal at the new rate; about 1 ms stays behind. */
  push(samples: Int16Array): Int16Array;
  /** @returns the rest: in all, the input's length times the ratio of the rates, rounded. Nothing may be pushed after. */
  flush(): Int16Array;
}

/** Zero crossings of the sinc on each side. */
const CROSSINGS = 16;
/** Kaiser window for 80 dB of stop band: .1102 · (80 − 8.7). */
const KAISER_BETA = 7.857;
/** The filter's corner, relative to half the lower rate: what folds back lies above 92 % of the band. */
const ROLLOFF = 0.92;
/** Rates whose ratio has more phases than this use the nearest one, still 75 dB exact. */
const MAX_PHASES = 4096;

/** @param fromRate @param toRate whole numbers, in Hz */
export function createResampler(fromRate: number, toRate: number): Resampler {
  if (fromRate === toRate) return { push: (samples) => samples.slice(), flush: () => new Int16Array(0) };
  return new PolyphaseResampler(fromRate, toRate);
}

interface FilterBank {
  /** Samples on each side of the wanted position. */
  readonly reach: number;
  readonly phases: number;
  /** For each phase, `2 · reach` coefficients in the order of the samples. */
  readonly coefficients: Float32Array;
}

class PolyphaseResampler implements Resampler {
  /** The position of output k is k · step / divisor, in input samples. */
  private readonly step: number;
  private readonly divisor: number;
  private readonly bank: FilterBank;
  /** The input still needed, from `reach - 1` samples before the next output's whole position. */
  private history: Float32Array;
  private historyLength: number;
  /** The next output lies `remainder / divisor` of a sample after `history[reach - 1]`. */
  private remainder = 0;
  private received = 0;
  private emitted = 0;

  constructor(fromRate: number, toRate: number) {
    const common = greatestCommonDivisor(fromRate, toRate);
    this.step = fromRate / common;
    this.divisor = toRate / common;
    this.bank = filterBank(this.step, this.divisor);
    this.history = new Float32Array(4 * this.bank.reach);
    this.historyLength = this.bank.reach - 1;
  }

  push(samples: Int16Array): Int16Array {
    this.received += samples.length;
    this.append(samples);
    return this.convert(Number.POSITIVE_INFINITY);
  }

  flush(): Int16Array {
    this.append(new Int16Array(this.bank.reach + 1));
    return this.convert(Math.round((this.received * this.divisor) / this.step));
  }

  private append(samples: Int16Array): void {
    const length = this.historyLength + samples.length;
    if (length > this.history.length) {
      const larger = new Float32Array(2 * length);
      larger.set(this.history.subarray(0, this.historyLength));
      this.history = larger;
    }
    this.history.set(samples, this.historyLength);
    this.historyLength = length;
  }

  /** Everything whose surroundings are known, up to `total` samples since the beginning. */
  private convert(total: number): Int16Array {
    const { history, step, divisor } = this;
    const output = new Int16Array(Math.max(0, Math.min(this.available(), total - this.emitted)));
    if (this.bank.phases === divisor) this.convertByPhase(output);
    else this.convertInOrder(output);
    const end = this.remainder + output.length * step;
    const start = Math.floor(end / divisor);
    this.remainder = end % divisor;
    this.emitted += output.length;
    history.copyWithin(0, start, this.historyLength);
    this.historyLength -= start;
    return output;
  }

  /** All outputs of one phase after the other, four side by side: they share every coefficient. */
  private convertByPhase(output: Int16Array): void {
    const { history, step, divisor } = this;
    const { reach, coefficients } = this.bank;
    const span = 2 * reach;
    for (let first = 0; first < divisor && first < output.length; first++) {
      const at = this.remainder + first * step;
      const phase = (at % divisor) * span;
      let from = Math.floor(at / divisor);
      let k = first;
      for (; k + 3 * divisor < output.length; k += 4 * divisor, from += 4 * step) {
        fourWeightedSums(history, from, step, coefficients, phase, span, output, k, divisor);
      }
      for (; k < output.length; k += divisor, from += step) {
        output[k] = toInt16(weightedSum(history, from, coefficients, phase, span));
      }
    }
  }

  private convertInOrder(output: Int16Array): void {
    const { history, step, divisor } = this;
    const { reach, phases, coefficients } = this.bank;
    const span = 2 * reach;
    for (let k = 0; k < output.length; k++) {
      const at = this.remainder + k * step;
      const nearest = Math.round(((at % divisor) * phases) / divisor);
      // The nearest phase may be the first one of the next sample.
      const from = Math.floor(at / divisor) + (nearest === phases ? 1 : 0);
      const phase = nearest === phases ? 0 : nearest;
      output[k] = toInt16(weightedSum(history, from, coefficients, phase * span, span));
    }
  }

  /** How many outputs have all their `2 · reach` samples, and the one after for the nearest phase, in `history`. */
  private available(): number {
    const lastStart = this.historyLength - 2 * this.bank.reach - 1;
    if (lastStart < 0) return 0;
    return Math.floor(((lastStart + 1) * this.divisor - 1 - this.remainder) / this.step) + 1;
  }
}

/** Two sums side by side, since each addition has to wait for the one before it. @param length even */
function weightedSum(
  samples: Float32Array,
  firstSample: number,
  weights: Float32Array,
  firstWeight: number,
  length: number,
): number {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    even += (samples[firstSample + i] as number) * (weights[firstWeight + i] as number);
    odd += (samples[firstSample + i + 1] as number) * (weights[firstWeight + i + 1] as number);
  }
  return even + odd;
}

/** The same for the four outputs that lie `step` samples apart, in the same order, so that it gives the same. */
function fourWeightedSums(
  samples: Float32Array,
  firstSample: number,
  step: number,
  weights: Float32Array,
  firstWeight: number,
  length: number,
  output: Int16Array,
  firstOutput: number,
  stride: number,
): void {
  let even0 = 0;
  let even1 = 0;
  let even2 = 0;
  let even3 = 0;
  let odd0 = 0;
  let odd1 = 0;
  let odd2 = 0;
  let odd3 = 0;
  const at1 = firstSample + step;
  const at2 = at1 + step;
  const at3 = at2 + step;
  for (let i = 0; i < length; i += 2) {
    const even = weights[firstWeight + i] as number;
    const odd = weights[firstWeight + i + 1] as number;
    even0 += (samples[firstSample + i] as number) * even;
    even1 += (samples[at1 + i] as number) * even;
    even2 += (samples[at2 + i] as number) * even;
    even3 += (samples[at3 + i] as number) * even;
    odd0 += (samples[firstSample + i + 1] as number) * odd;
    odd1 += (samples[at1 + i + 1] as number) * odd;
    odd2 += (samples[at2 + i + 1] as number) * odd;
    odd3 += (samples[at3 + i + 1] as number) * odd;
  }
  output[firstOutput] = toInt16(even0 + odd0);
  output[firstOutput + stride] = toInt16(even1 + odd1);
  output[firstOutput + 2 * stride] = toInt16(even2 + odd2);
  output[firstOutput + 3 * stride] = toInt16(even3 + odd3);
}

function toInt16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

function filterBank(step: number, divisor: number): FilterBank {
  const scale = Math.min(1, divisor / step);
  const reach = Math.ceil(CROSSINGS / scale);
  const phases = Math.min(divisor, MAX_PHASES);
  const coefficients = new Float32Array(phases * 2 * reach);
  for (let phase = 0; phase < phases; phase++) {
    const row = coefficients.subarray(phase * 2 * reach, (phase + 1) * 2 * reach);
    let sum = 0;
    for (let tap = 0; tap < row.length; tap++) {
      const distance = tap - (reach - 1) - phase / phases;
      const value = kaiserSinc(distance, scale * ROLLOFF, reach, KAISER_BETA);
      row[tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < row.length; tap++) row[tap] = (row[tap] as number) / sum;
  }
  return { reach, phases, coefficients };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
