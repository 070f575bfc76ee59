/** The outline of a recording at several levels: lowest and highest sample of every so many, for an hour to be drawn at once. */

/** 8 ms at 16 kHz; what is finer is drawn from the sound itself. */
const FINEST = 128;
const FACTOR = 4;
/** A level with no more pairs than this has none above it. */
const COARSEST_PEAKS = 1_000;

export interface PeakLevel {
  readonly samplesPerPeak: number;
  readonly peaks: number;
}

/** From fine to coarse. */
export function peakLevels(samples: number): PeakLevel[] {
  const levels: PeakLevel[] = [];
  let samplesPerPeak = FINEST;
  do {
    levels.push({ samplesPerPeak, peaks: Math.ceil(samples / samplesPerPeak) });
    samplesPerPeak *= FACTOR;
  } while ((levels.at(-1) as PeakLevel).peaks > COARSEST_PEAKS);
  return levels;
}

/** Takes in a recording piece by piece. */
export class PeakFinder {
  readonly #levels: readonly PeakLevel[];
  readonly #pairs: Int16Array<ArrayBuffer>;
  #samples = 0;

  /** @param samples of the whole recording */
  constructor(samples: number) {
    this.#levels = peakLevels(samples);
    this.#pairs = new Int16Array(2 * this.#levels.reduce((sum, { peaks }) => sum + peaks, 0));
  }

  push(samples: Int16Array): void {
    const pairs = this.#pairs;
    for (let i = 0; i < samples.length; i++, this.#samples++) {
      const sample = samples[i] as number;
      const at = 2 * Math.floor(this.#samples / FINEST);
      if (this.#samples % FINEST === 0) {
        pairs[at] = sample;
        pairs[at + 1] = sample;
      } else if (sample < (pairs[at] as number)) pairs[at] = sample;
      else if (sample > (pairs[at + 1] as number)) pairs[at + 1] = sample;
    }
  }

  /** Pairs of lowest and highest, the levels one after the other. */
  finish(): Int16Array<ArrayBuffer> {
    const pairs = this.#pairs;
    let from = 0;
    for (const [i, { peaks }] of this.#levels.entries()) {
      const to = from + 2 * peaks;
      const above = this.#levels[i + 1]?.peaks ?? 0;
      for (let k = 0; k < above; k++) {
        const parts = Math.min(FACTOR, peaks - k * FACTOR);
        const first = from + 2 * k * FACTOR;
        let lowest = 32_767;
        let highest = -32_768;
        for (let part = 0; part < parts; part++) {
          lowest = Math.min(lowest, pairs[first + 2 * part] as number);
          highest = Math.max(highest, pairs[first + 2 * part + 1] as number);
        }
        pairs[to + 2 * k] = lowest;
        pairs[to + 2 * k + 1] = highest;
      }
      from = to;
    }
    return pairs;
  }
}
