/** How far segments begin and end from where the labels do: every single error, for medians and percentiles. */
import type { Segment } from '../segmentation.ts';
import type { Reference } from './reference.ts';

/** In milliseconds. */
export interface BoundaryErrors {
  /** Segment's beginning minus label's, for pairs that are each other's first; negative is early. */
  readonly onset: readonly number[];
  /** Segment's end minus label's, for pairs that are each other's last; negative is early. */
  readonly offset: readonly number[];
  /** What is lost of each detected label's beginning. */
  readonly clippedOnset: readonly number[];
}

export function boundaryErrors(segments: readonly Segment[], reference: Reference): BoundaryErrors {
  const onset: number[] = [];
  const offset: number[] = [];
  const clippedOnset: number[] = [];
  const toMs = (samples: number) => (samples * 1000) / reference.sampleRate;
  const { starts, ends } = reference;
  let next = 0;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] as number;
    const end = ends[i] as number;
    while ((segments[next]?.endSample ?? Number.POSITIVE_INFINITY) <= start) next++;
    const first = segments[next];
    if (!first || first.startSample >= end) continue;
    let last = first;
    for (let s = next + 1; (segments[s]?.startSample ?? Number.POSITIVE_INFINITY) < end; s++)
      last = segments[s] as Segment;
    clippedOnset.push(toMs(Math.max(0, first.startSample - start)));
    if ((ends[i - 1] ?? 0) <= first.startSample) onset.push(toMs(first.startSample - start));
    if ((starts[i + 1] ?? Number.POSITIVE_INFINITY) >= last.endSample) offset.push(toMs(last.endSample - end));
  }
  return { onset, offset, clippedOnset };
}

export interface Spread {
  readonly count: number;
  readonly medianMs: number | null;
  /** Below it lie 95 % of the sizes, whatever their sign. */
  readonly p95Ms: number | null;
}

/** @returns the median as it is, signed, and the 95th percentile of the sizes */
export function spreadOf(errors: readonly number[]): Spread {
  return {
    count: errors.length,
    medianMs: percentile(errors, 0.5),
    p95Ms: percentile(errors.map(Math.abs), 0.95),
  };
}

/** Between two values it is interpolated. @returns null of nothing */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (position - Math.floor(position));
}
