/**
 * Segments of a live signal, one window at a time and without looking back: what Silero's `get_speech_timestamps`
 * finds in the whole recording, known as early as it can be.
 */
import { SegmentFinder, type SegmentRules } from './segment-finder.ts';
import type { SpeechSegment } from './vad.ts';

export class Segmenter {
  private readonly rules: SegmentRules;
  private readonly finder: SegmentFinder;
  private windows = 0;
  private windowsSinceSpeech = 0;
  private confirmed = false;

  constructor(rules: SegmentRules) {
    this.rules = rules;
    this.finder = new SegmentFinder(rules);
  }

  /** True from the moment at which a segment is certain to be long enough, until it is over. */
  get speaking(): boolean {
    return this.confirmed;
  }

  /** Samples since the end of the last window at or above the negative threshold. */
  get silenceSamples(): number {
    return this.windowsSinceSpeech * this.rules.windowSamples;
  }

  /** @returns true when this window made it certain that a segment is over */
  push(probability: number): boolean {
    const { finder, rules } = this;
    const position = rules.windowSamples * this.windows++;
    const ended = finder.step(position, probability);
    this.windowsSinceSpeech = finder.level >= rules.negativeThreshold ? 0 : this.windowsSinceSpeech + 1;
    const spokenUntil = finder.silenceStart > 0 ? finder.silenceStart : position;
    this.confirmed = finder.start >= 0 && spokenUntil - finder.start > rules.minSpeechSamples;
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
