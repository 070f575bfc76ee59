/** How loud a signal is, relative to full scale. */

export interface Level {
  /** Root mean square, dB relative to a full-scale square wave; -Infinity for silence and for no samples. */
  readonly rmsDbfs: number;
  /** Largest absolute sample; 0 dB is full scale. */
  readonly peakDbfs: number;
}

export function measureLevel(samples: Int16Array): Level {
  let peak = 0;
  let energy = 0;
  for (const sample of samples) {
    peak = Math.max(peak, Math.abs(sample));
    energy += sample * sample;
  }
  return { rmsDbfs: toDbfs(Math.sqrt(energy / samples.length)), peakDbfs: toDbfs(peak) };
}

function toDbfs(amplitude: number): number {
  return amplitude > 0 ? 20 * Math.log10(amplitude / 32_768) : Number.NEGATIVE_INFINITY;
}
