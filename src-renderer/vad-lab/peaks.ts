/**
 * The outline of a recording at several levels, each coarser than the one before: whatever is in sight, a picture of it
 * costs a few steps per pixel.
 */

export interface PeakLevel {
  readonly samplesPerPeak: number;
  /** Lowest and highest sample of every stretch, in turn. */
  readonly extremes: Int16Array;
}

/** @param bytes the levels one after the other, as the core sends them */
export function peakLevels(
  bytes: ArrayBuffer,
  levels: readonly { readonly samplesPerPeak: number; readonly peaks: number }[],
): PeakLevel[] {
  let offset = 0;
  return levels.map(({ peaks, samplesPerPeak }) => {
    const extremes = new Int16Array(bytes, offset, peaks * 2);
    offset += extremes.byteLength;
    return { samplesPerPeak, extremes };
  });
}

/** The coarsest level that still has a peak for every pixel; null when single samples are needed. */
export function levelFor(levels: readonly PeakLevel[], samplesPerPixel: number): PeakLevel | null {
  return levels.findLast((level) => level.samplesPerPeak <= samplesPerPixel) ?? null;
}

/** Lowest and highest of a stretch; both 0 when there is nothing in it. */
export interface Extremes {
  low: number;
  high: number;
}

/** Of the samples [from, end), as finely as the level knows. @param into is overwritten */
export function extremesOf(level: PeakLevel, from: number, end: number, into: Extremes): void {
  const { extremes, samplesPerPeak } = level;
  const first = Math.max(0, Math.floor(from / samplesPerPeak)) * 2;
  const stop = Math.min(extremes.length, Math.max(first + 2, Math.ceil(end / samplesPerPeak) * 2));
  let low = 32_767;
  let high = -32_768;
  for (let i = first; i < stop; i += 2) {
    low = Math.min(low, extremes[i] as number);
    high = Math.max(high, extremes[i + 1] as number);
  }
  into.low = low > high ? 0 : low;
  into.high = low > high ? 0 : high;
}
