/**
 * Labels made ready for scoring: counting speech between two samples costs two look-ups. Frames are 10 ms long, on
 * labels and detections alike, and are speech when their middle is.
 */
import type { Label } from '../labels/label.ts';
import type { Track } from '../segmentation.ts';

export const FRAME_MS = 10;

export interface Reference {
  readonly sampleRate: number;
  /** Length of the recording. */
  readonly samples: number;
  readonly frames: number;
  /** How many frames before each one are speech; one more than there are frames. */
  readonly speechBefore: Uint32Array;
  /** First and last bounds of each label in samples, possibly fractions; ordered and disjoint. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** @param labels as `fitLabels` makes them: ordered, disjoint, inside the recording */
export function makeReference({ sampleRate, samples }: Track, labels: readonly Label[]): Reference {
  const starts = Float64Array.from(labels, ({ startMs }) => (startMs * sampleRate) / 1000);
  const ends = Float64Array.from(labels, ({ endMs }) => (endMs * sampleRate) / 1000);
  const frames = firstFrameFrom(samples, sampleRate);
  const speechBefore = new Uint32Array(frames + 1);
  for (let i = 0; i < starts.length; i++) {
    const end = Math.min(frames, firstFrameFrom(ends[i] as number, sampleRate));
    for (let f = firstFrameFrom(starts[i] as number, sampleRate); f < end; f++) speechBefore[f + 1] = 1;
  }
  for (let f = 0; f < frames; f++) speechBefore[f + 1] = (speechBefore[f + 1] as number) + (speechBefore[f] as number);
  return { sampleRate, samples, frames, speechBefore, starts, ends };
}

/** The first frame whose middle is not before `sample`. */
export function firstFrameFrom(sample: number, sampleRate: number): number {
  return Math.max(0, Math.ceil((sample * 1000) / (sampleRate * FRAME_MS) - 0.5));
}
