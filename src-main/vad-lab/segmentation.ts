/**
 * Segments of whole recordings from their probabilities, which are computed once: new settings cost a walk over the
 * probabilities, a millisecond or two for an hour of sound.
 */

import { SILERO_PARAMETERS } from '../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../src-preload/vad-preset.ts';
import { SegmentFinder } from '../speech/vad/segment-finder.ts';
import { rulesFor } from './parameters.ts';

/** What the model heard in one recording. */
export interface Track {
  /** Rate at which the model heard it: 8,000 or 16,000 Hz. Every position below is in samples at this rate. */
  readonly sampleRate: number;
  /** Length of the recording. */
  readonly samples: number;
  /** One for each window of 32 ms, the last one zero-padded. */
  readonly probabilities: Float32Array;
}

export interface Segment {
  readonly startSample: number;
  readonly endSample: number;
  /** By when a live detector knows that it is over: the end of the deciding window. */
  readonly decidedSample: number;
}

/** Reused for one recording and one setting after the other. What it found is overwritten by the next run. */
export class OfflineSegmenter {
  private readonly finder = new SegmentFinder(rulesFor(SILERO_PARAMETERS, 16_000));

  /** @returns the finder, with all segments in its arrays up to `count` */
  run(track: Track, parameters: VadParameters): SegmentFinder {
    const { finder } = this;
    finder.begin(rulesFor(parameters, track.sampleRate));
    finder.run(track.probabilities);
    finder.finish(track.samples);
    return finder;
  }
}

/** All segments of a recording: ordered, disjoint, inside it. */
export function segmentTrack(track: Track, parameters: VadParameters): Segment[] {
  const { count, starts, ends, decided } = new OfflineSegmenter().run(track, parameters);
  return Array.from({ length: count }, (_, i) => ({
    startSample: starts[i] as number,
    endSample: ends[i] as number,
    decidedSample: decided[i] as number,
  }));
}
