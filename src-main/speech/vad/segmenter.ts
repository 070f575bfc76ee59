/**
 * Segments of a live signal, one window at a time and without looking back: what Silero's `get_speech_timestamps`
 * finds in the whole recording, known as early as it can be.
 */
import { SegmentFinder } from './segment-finder.ts';
import type { SpeechSegment } from './vad.ts';

/** Lengths are in samples and may be fractions. */
export interface SegmenterOptions {
  readonly windowSamples: number;
  /** Speech starts at this probability. */
  readonly threshold: number;
  /** Speech may end below this one. */
  readonly negativeThreshold: number;
  /** Speech that is not longer than this is dropped. */
  readonly minSpeechSamples: number;
  /** Silence that ends a segment. */
  readonly minSilenceSamples: number;
  /** Kept on both sides of a segment. */
  readonly paddingSamples: number;
}

export class Segmenter {
  private readonly options: SegmenterOptions;
  private readonly finder: SegmentFinder;
  private windows = 0;
  private windowsSinceSpeech = 0;
  private confirmed = false;

  constructor(options: SegmenterOptions) {
    this.options = options;
    this.finder = new SegmentFinder({
      ...options,
      padBeforeSamples: options.paddingSamples,
      padAfterSamples: options.paddingSamples,
      maxSpeechSamples: Number.POSITIVE_INFINITY,
      minSilenceAtMaxSamples: 0,
      cutAtLongestSilence: true,
    });
  }

  /** True from the moment at which a segment is certain to be long enough, until it is over. */
  get speaking(): boolean {
    return this.confirmed;
  }

  /** Samples since the end of the last window at or above the negative threshold. */
  get silenceSamples(): number {
    return this.windowsSinceSpeech * this.options.windowSamples;
  }

  /** @returns true when this window made it certain that a segment is over */
  push(probability: number): boolean {
    const { finder, options } = this;
    const position = options.windowSamples * this.windows++;
    this.windowsSinceSpeech = probability >= options.negativeThreshold ? 0 : this.windowsSinceSpeech + 1;
    const ended = finder.step(position, probability);
    const spokenUntil = finder.silenceStart > 0 ? finder.silenceStart : position;
    this.confirmed = finder.start >= 0 && spokenUntil - finder.start > options.minSpeechSamples;
    return ended;
  }

  /**
   * Closes what is open at the end of the signal.
   * @param length of the signal, in samples
   * @returns every segment, padded, in whole samples
   */
  finish(length: number): readonly SpeechSegment[] {
    const { finder } = this;
    finder.finish(length);
    this.confirmed = false;
    return Array.from({ length: finder.count }, (_, i) => ({
      startSample: finder.starts[i] as number,
      endSample: finder.ends[i] as number,
    }));
  }
}
