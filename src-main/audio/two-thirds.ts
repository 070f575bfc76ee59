/**
 * From 24 to 16 kHz, the one conversion that runs as long as a microphone is open: for what listens to sound, not for
 * what is heard. A windowed sinc as in resample.ts, at half the cost: with two phases, each symmetric about the wanted
 * position, one multiplication serves two samples, and 60 dB of stop band need two thirds of the taps. Frequencies up to
 * 6 kHz pass as they are, and what would fold back below that is gone.
 */
import { kaiserSinc } from './kaiser-sinc.ts';

/** Samples on each side of the wanted position. */
const REACH = 16;
/** Kaiser window for 60 dB of stop band: .1102 · (60 − 8.7). */
const KAISER_BETA = 5.653;
/** Of half the higher rate: 7.36 kHz. */
const CORNER = (2 / 3) * 0.92;
/** Input samples from two outputs to the next two. */
const STEP = 3;
/** Input around two outputs: REACH before the first, which lies on a sample, and REACH after the second, 1.5 later. */
const SPAN = 2 * REACH + 2;

const FULL_SCALE = 32_768;

export class TwoThirds {
  /** The input still needed: the position of the next output is at REACH. */
  #history = new Float64Array(2_048);
  #historyLength = REACH;
  #output = new Float32Array(1_024);
  #received = 0;
  #emitted = 0;

  /**
   * @param samples mono int16 at 24 kHz
   * @returns what can be said so far at 16 kHz, -1..1, in memory that the next call writes again; 1 ms stays behind
   */
  push(samples: Int16Array): Float32Array {
    this.#received += samples.length;
    return this.#convert(samples);
  }

  /** @returns the rest: in all, two thirds of the input's length, rounded. Nothing may be pushed after. */
  flush(): Float32Array {
    const left = Math.round((this.#received * 2) / STEP) - this.#emitted;
    return this.#convert(new Int16Array(SPAN)).subarray(0, left);
  }

  #convert(samples: Int16Array): Float32Array {
    this.#append(samples);
    const pairs = Math.max(0, Math.floor((this.#historyLength - SPAN) / STEP) + 1);
    if (2 * pairs > this.#output.length) this.#output = new Float32Array(4 * pairs);
    let pair = 0;
    for (; pair + 4 <= pairs; pair += 4) fourPairs(this.#history, STEP * pair, this.#output, 2 * pair);
    for (; pair < pairs; pair++) onePair(this.#history, STEP * pair, this.#output, 2 * pair);
    this.#history.copyWithin(0, STEP * pairs, this.#historyLength);
    this.#historyLength -= STEP * pairs;
    this.#emitted += 2 * pairs;
    return this.#output.subarray(0, 2 * pairs);
  }

  #append(samples: Int16Array): void {
    const length = this.#historyLength + samples.length;
    if (length > this.#history.length) {
      const larger = new Float64Array(2 * length);
      larger.set(this.#history.subarray(0, this.#historyLength));
      this.#history = larger;
    }
    this.#history.set(samples, this.#historyLength);
    this.#historyLength = length;
  }
}

/** By distance: 0, 1, 2 … from a sample, and .5, 1.5, 2.5 … from between two. */
const onSample = halfFilter(0);
const between = halfFilter(0.5);

function halfFilter(first: number): Float64Array {
  const weights = Float64Array.from({ length: REACH }, (_, tap) => kaiserSinc(tap + first, CORNER, REACH, KAISER_BETA));
  const sum = weights.reduce((total, weight, tap) => total + (first + tap === 0 ? 1 : 2) * weight, 0);
  return weights.map((weight) => weight / sum / FULL_SCALE);
}

/** @param first where the samples around the pair begin */
function onePair(samples: Float64Array, first: number, output: Float32Array, at: number): void {
  const centre = first + REACH;
  let even = (samples[centre] as number) * (onSample[0] as number);
  for (let tap = 1; tap < REACH; tap++) {
    even += ((samples[centre - tap] as number) + (samples[centre + tap] as number)) * (onSample[tap] as number);
  }
  let odd = 0;
  for (let tap = 0; tap < REACH; tap++) {
    odd += ((samples[centre + 1 - tap] as number) + (samples[centre + 2 + tap] as number)) * (between[tap] as number);
  }
  output[at] = even;
  output[at + 1] = odd;
}

/** The same for four pairs side by side, in the same order, so that it gives the same: they share every weight. */
function fourPairs(samples: Float64Array, first: number, output: Float32Array, at: number): void {
  const c0 = first + REACH;
  const c1 = c0 + STEP;
  const c2 = c1 + STEP;
  const c3 = c2 + STEP;
  const centre = onSample[0] as number;
  let a0 = (samples[c0] as number) * centre;
  let a1 = (samples[c1] as number) * centre;
  let a2 = (samples[c2] as number) * centre;
  let a3 = (samples[c3] as number) * centre;
  for (let tap = 1; tap < REACH; tap++) {
    const weight = onSample[tap] as number;
    a0 += ((samples[c0 - tap] as number) + (samples[c0 + tap] as number)) * weight;
    a1 += ((samples[c1 - tap] as number) + (samples[c1 + tap] as number)) * weight;
    a2 += ((samples[c2 - tap] as number) + (samples[c2 + tap] as number)) * weight;
    a3 += ((samples[c3 - tap] as number) + (samples[c3 + tap] as number)) * weight;
  }
  output[at] = a0;
  output[at + 2] = a1;
  output[at + 4] = a2;
  output[at + 6] = a3;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  let b3 = 0;
  for (let tap = 0; tap < REACH; tap++) {
    const weight = between[tap] as number;
    b0 += ((samples[c0 + 1 - tap] as number) + (samples[c0 + 2 + tap] as number)) * weight;
    b1 += ((samples[c1 + 1 - tap] as number) + (samples[c1 + 2 + tap] as number)) * weight;
    b2 += ((samples[c2 + 1 - tap] as number) + (samples[c2 + 2 + tap] as number)) * weight;
    b3 += ((samples[c3 + 1 - tap] as number) + (samples[c3 + 2 + tap] as number)) * weight;
  }
  output[at + 1] = b0;
  output[at + 3] = b1;
  output[at + 5] = b2;
  output[at + 7] = b3;
}
