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
  const labels = Array.from(reference.starts, (start, i) => ({ start, end: reference.ends[i] as number }));
  for (const label of labels) {
    const touching = segments.filter((s) => s.startSample < label.end && s.endSample > label.start);
    const [first] = touching;
    const last = touching.at(-1);
    if (!first || !last) continue;
    clippedOnset.push(toMs(Math.max(0, first.startSample - label.start)));
    const touched = (segment: Segment) =>
      labels.filter(({ start, end }) => segment.startSample < end && segment.endSample > start);
    if (touched(first)[0] === label) onset.push(toMs(first.startSample - label.start));
    if (touched(last).at(-1) === label) offset.push(toMs(last.endSample - label.end));
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
