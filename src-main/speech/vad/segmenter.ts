/**
 * Turns the probabilities of consecutive windows into segments of speech, one window at a time and without looking
 * back: what Silero's `get_speech_timestamps` finds in a whole recording, sample for sample, known as early as it can be.
 * Source: https://github.com/snakers4/silero-vad, `get_speech_timestamps`, without a longest duration of speech.
 */
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
  private readonly closed: SpeechSegment[] = [];
  private windows = 0;
  /** Where the segment in progress began; null while there is none. */
  private start: number | null = null;
  /** Where the silence began that may end it; null while none may. */
  private silenceStart: number | null = null;
  private windowsSinceSpeech = 0;
  private confirmed = false;

  constructor(options: SegmenterOptions) {
    this.options = options;
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
    const { threshold, negativeThreshold, windowSamples } = this.options;
    const position = windowSamples * this.windows++;
    this.windowsSinceSpeech = probability >= negativeThreshold ? 0 : this.windowsSinceSpeech + 1;
    if (probability >= threshold) {
      this.silenceStart = null;
      if (this.start === null) {
        this.start = position;
        return false;
      }
    }
    if (this.start === null) return false;
    let ended = false;
    if (probability < negativeThreshold) {
      this.silenceStart ??= position;
      if (position - this.silenceStart >= this.options.minSilenceSamples) {
        ended = this.close(this.start, this.silenceStart);
      }
    }
    this.confirmed = this.start !== null && this.longEnough(this.start, this.silenceStart ?? position);
    return ended;
  }

  /**
   * Closes what is open at the end of the signal.
   * @param length of the signal, in samples
   * @returns every segment, padded, in whole samples
   */
  finish(length: number): readonly SpeechSegment[] {
    if (this.start !== null) this.close(this.start, length);
    this.confirmed = false;
    return padSegments(this.closed, this.options.paddingSamples, length);
  }

  private close(start: number, end: number): boolean {
    const kept = this.longEnough(start, end);
    if (kept) this.closed.push({ startSample: start, endSample: end });
    this.start = null;
    this.silenceStart = null;
    return kept;
  }

  private longEnough(start: number, end: number): boolean {
    return end - start > this.options.minSpeechSamples;
  }
}

/** Widens segments on both sides; two that are closer than twice the padding share what lies between them. */
function padSegments(segments: readonly SpeechSegment[], padding: number, length: number): SpeechSegment[] {
  const marginBetween = (before: SpeechSegment, after: SpeechSegment) => {
    const gap = after.startSample - before.endSample;
    return gap < 2 * padding ? Math.floor(gap / 2) : padding;
  };
  return segments.map((segment, i) => {
    const before = segments[i - 1];
    const after = segments[i + 1];
    const head = before ? marginBetween(before, segment) : padding;
    const tail = after ? marginBetween(segment, after) : padding;
    return {
      startSample: Math.trunc(Math.max(0, segment.startSample - head)),
      endSample: Math.trunc(Math.min(length, segment.endSample + tail)),
    };
  });
}
