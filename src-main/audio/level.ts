/** How loud a signal is, relative to full scale. */

export interface Level {
  /** Root mean square, dB relative to a full-scale square wave; -Infinity for silence and for no samples. */
  readonly rmsDbfs: number;
  /** Largest absolute sample; 0 dB is full scale. */
  readonly peakDbfs: number;
}

export function measureLevel(samples: Int16Array): Level {
  const meter = new LevelMeter();
  meter.add(samples);
  return meter.level;
}

/** The level of a signal that is still arriving. */
export class LevelMeter {
  #peak = 0;
  #energy = 0;
  #count = 0;

  add(samples: Int16Array): void {
    for (const sample of samples) {
      this.#peak = Math.max(this.#peak, Math.abs(sample));
      this.#energy += sample * sample;
    }
    this.#count += samples.length;
  }

  get level(): Level {
    return { rmsDbfs: toDbfs(Math.sqrt(this.#energy / this.#count)), peakDbfs: toDbfs(this.#peak) };
  }
}

function toDbfs(amplitude: number): number {
  return amplitude > 0 ? 20 * Math.log10(amplitude / 32_768) : Number.NEGATIVE_INFINITY;
}
