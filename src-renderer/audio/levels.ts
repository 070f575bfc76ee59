/** The last few seconds of sound as peaks, one per 20 ms, for whoever draws them. Outside React on purpose. */
const KEPT = 512;

export class Levels {
  readonly #peaks = new Float32Array(KEPT);
  /** How many peaks there have been since the start; only the last 512 are kept. */
  count = 0;

  push(peak: number): void {
    this.#peaks[this.count % KEPT] = peak;
    this.count += 1;
  }

  /** @param index counts from the start. @returns 0 for peaks that are not kept or not there yet. */
  at(index: number): number {
    if (index < 0 || index >= this.count || index < this.count - KEPT) return 0;
    return this.#peaks[index % KEPT] ?? 0;
  }

  clear(): void {
    this.#peaks.fill(0);
  }
}

/** Where a peak stands on a meter, 0..1: −54 dB is nothing; squared, so that speech moves it and does not fill it. */
export function meterHeight(peak: number): number {
  if (peak <= 0) return 0;
  return Math.max(0, Math.min(1, 1 + (20 * Math.log10(peak)) / 54)) ** 2;
}
