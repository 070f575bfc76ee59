/**
 * What can be counted of one recording under one setting, so that it can be added up: over the recordings of a fold,
 * over a bootstrap's draw, over all. Scores are made of sums (scores.ts), never averaged over files.
 */
import type { SegmentFinder } from '../../speech/vad/segment-finder.ts';
import { firstFrameFrom, type Reference } from './reference.ts';

/** Places in a tally. Frames are 10 ms. */
export const TALLY = {
  /** Speech that was detected. */
  hits: 0,
  /** Detected where there was none. */
  falseAlarms: 1,
  /** Speech that was not. */
  misses: 2,
  /** Silence that was left alone. */
  rejections: 3,
  labels: 4,
  /** Labels that no segment touches. */
  missedLabels: 5,
  segments: 6,
  /** Segments that touch no label. */
  falseSegments: 7,
  /** Labels of whose beginning more than `CLIP_TOLERANCE_MS` is lost; missed ones among them. */
  clippedOnsets: 8,
  /** What is lost of the beginnings; of missed labels, all. */
  clippedMs: 9,
  /** Labels before a pause of `PAUSE_MS` or more: there somebody has ended speaking. */
  ends: 10,
  /** From those labels' ends to the decision that speech is over, or to the end of the pause without one. */
  endDelayMs: 11,
  /** Pauses that passed without that decision. */
  undecidedEnds: 12,
  /** Decisions that fell while a label went on. */
  cutOffs: 13,
  durationMs: 14,
} as const;

export const TALLY_SIZE = 15;

/** One window: less can't be told. */
const CLIP_TOLERANCE_MS = 32;
const PAUSE_MS = 300;

/** Adds one recording to the tally at `sums[at]`. @param found of that recording */
export function addTally(found: SegmentFinder, reference: Reference, sums: Float64Array, at = 0): void {
  const { count, starts, ends, decided } = found;
  const { sampleRate, samples, frames, speechBefore } = reference;
  const perMs = sampleRate / 1000;
  const add = (place: number, value: number) => {
    sums[at + place] = (sums[at + place] as number) + value;
  };

  let hits = 0;
  let detected = 0;
  for (let i = 0; i < count; i++) {
    const first = Math.min(frames, firstFrameFrom(starts[i] as number, sampleRate));
    const after = Math.min(frames, firstFrameFrom(ends[i] as number, sampleRate));
    hits += (speechBefore[after] as number) - (speechBefore[first] as number);
    detected += after - first;
  }
  const speech = speechBefore[frames] as number;
  add(TALLY.hits, hits);
  add(TALLY.falseAlarms, detected - hits);
  add(TALLY.misses, speech - hits);
  add(TALLY.rejections, frames - detected - (speech - hits));

  const labels = reference.starts.length;
  let touching = 0;
  let falseSegments = 0;
  let next = 0;
  for (let l = 0; l < labels; l++) {
    const start = reference.starts[l] as number;
    const end = reference.ends[l] as number;
    for (; next < count && (ends[next] as number) <= start; next++) {
      if (next >= touching) falseSegments++;
    }
    const pauseEnd = l + 1 < labels ? (reference.starts[l + 1] as number) : samples;
    const pauseMs = (pauseEnd - end) / perMs;
    let clippedMs = (end - start) / perMs;
    let decidedAt = end;
    if (next < count && (starts[next] as number) < end) {
      clippedMs = Math.max(0, ((starts[next] as number) - start) / perMs);
      let last = next;
      for (let s = next; s < count && (starts[s] as number) < end; s++) {
        last = s;
        if ((decided[s] as number) < end) add(TALLY.cutOffs, 1);
      }
      decidedAt = decided[last] as number;
      touching = Math.max(touching, last + 1);
    } else {
      add(TALLY.missedLabels, 1);
    }
    add(TALLY.clippedMs, clippedMs);
    if (clippedMs > CLIP_TOLERANCE_MS) add(TALLY.clippedOnsets, 1);
    if (pauseMs >= PAUSE_MS) {
      add(TALLY.ends, 1);
      add(TALLY.endDelayMs, Math.min(pauseMs, Math.max(0, (decidedAt - end) / perMs)));
      if (decidedAt >= pauseEnd) add(TALLY.undecidedEnds, 1);
    }
  }
  for (; next < count; next++) {
    if (next >= touching) falseSegments++;
  }
  add(TALLY.labels, labels);
  add(TALLY.segments, count);
  add(TALLY.falseSegments, falseSegments);
  add(TALLY.durationMs, samples / perMs);
}
