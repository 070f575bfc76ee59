/** A recording that grows: its arrays are made larger by doubling, and seen as long as they are filled. */
import type { EventPayload } from '../../src-preload/contract.ts';
import type { Media } from './media.ts';

const WINDOW_SECONDS = 0.032;
/** Speech into a microphone is seldom louder than a third of what is possible. */
const GAIN = 3;

type Heard = Pick<EventPayload<'vadLab.heard'>, 'firstWindow' | 'probabilities' | 'lowest' | 'highest'>;

export class LiveMedia {
  readonly #sampleRate: number;
  #probabilities = new Float32Array(1_024);
  #extremes = new Int16Array(2_048);
  #windows = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  get durationMs(): number {
    return this.#windows * WINDOW_SECONDS * 1000;
  }

  get now(): Media {
    return {
      sampleRate: this.#sampleRate,
      durationMs: this.durationMs,
      levels: [
        {
          samplesPerPeak: this.#sampleRate * WINDOW_SECONDS,
          extremes: this.#extremes.subarray(0, this.#windows * 2),
        },
      ],
      gain: GAIN,
      probabilities: this.#probabilities.subarray(0, this.#windows),
      sound: null,
    };
  }

  append({ firstWindow, highest, lowest, probabilities }: Heard): Media {
    this.#windows = Math.max(this.#windows, firstWindow + probabilities.length);
    while (this.#probabilities.length < this.#windows) {
      const before = [this.#probabilities, this.#extremes] as const;
      this.#probabilities = new Float32Array(before[0].length * 2);
      this.#extremes = new Int16Array(before[1].length * 2);
      this.#probabilities.set(before[0]);
      this.#extremes.set(before[1]);
    }
    for (const [i, probability] of probabilities.entries()) {
      const window = firstWindow + i;
      this.#probabilities[window] = probability;
      this.#extremes[window * 2] = lowest[i] ?? 0;
      this.#extremes[window * 2 + 1] = highest[i] ?? 0;
    }
    return this.now;
  }
}
