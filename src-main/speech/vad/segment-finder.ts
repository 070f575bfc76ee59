/**
 * Finds the segments of speech in a row of probabilities: the rules of Silero's `get_speech_timestamps`, sample for
 * sample, in a form that live detection feeds one window at a time and offline work runs over a whole recording.
 * Silero has no smoothing; where it is asked for, probabilities are filtered first (first-order low-pass).
 * It keeps its memory between runs and allocates nothing per window.
 * Source: https://github.com/snakers4/silero-vad, `get_speech_timestamps`.
 */

/** Lengths are in samples and may be fractions. */
export interface SegmentRules {
  readonly windowSamples: number;
  /** Speech starts at this probability. */
  readonly threshold: number;
  /** Speech may end below this one. */
  readonly negativeThreshold: number;
  /** Speech that is not longer than this is dropped. */
  readonly minSpeechSamples: number;
  /** Silence that ends a segment. */
  readonly minSilenceSamples: number;
  /** Kept before each segment. */
  readonly padBeforeSamples: number;
  /** Kept after each segment. */
  readonly padAfterSamples: number;
  /** Longest segment, padding included; `Infinity` for no limit. */
  readonly maxSpeechSamples: number;
  /** Silence longer than this is a good place to cut a segment that became too long. */
  readonly minSilenceAtMaxSamples: number;
  /** Cut such a segment at its longest silence; else at its last one. */
  readonly cutAtLongestSilence: boolean;
  /** Share that each probability keeps of the one before it; 0 is none. */
  readonly smoothing: number;
}

const IDLE = -1;

export class SegmentFinder {
  /** How many segments were found. */
  count = 0;
  /** Their first samples. */
  starts = new Float64Array(64);
  /** The samples after their last ones. */
  ends = new Float64Array(64);
  /** The ends of the windows with which each was known to be over. */
  decided = new Float64Array(64);
  /** Where the segment in progress began; negative while there is none. */
  start = IDLE;
  /** Where the silence began that may end it; 0 while none may (no silence can begin there). */
  silenceStart = 0;
  /** What the last window counted for: its probability, smoothed; NaN before any. */
  level = Number.NaN;

  private rules: SegmentRules;
  private longest: number;
  private bestCut = 0;
  private bestCutSilence = 0;
  private lastCut = 0;
  private afterLastCut = 0;

  constructor(rules: SegmentRules) {
    this.rules = rules;
    this.longest = longestBeforePadding(rules);
  }

  /** Forgets everything, to start on another row or with other rules. */
  begin(rules: SegmentRules): void {
    this.rules = rules;
    this.longest = longestBeforePadding(rules);
    this.count = 0;
    this.start = IDLE;
    this.level = Number.NaN;
    this.forgetCuts();
  }

  /**
   * Takes in one window.
   * @param position its first sample, a multiple of the window's length
   * @returns true when it ended a segment that is kept
   */
  step(position: number, probability: number): boolean {
    const { smoothing } = this.rules;
    this.level = this.level >= 0 ? smoothing * this.level + (1 - smoothing) * probability : probability;
    return this.advance(position, this.level);
  }

  /** Takes in a whole row; without smoothing, windows that can't change anything are passed over. */
  run(probabilities: ArrayLike<number>): void {
    const { threshold, negativeThreshold, windowSamples, smoothing } = this.rules;
    if (smoothing > 0) {
      for (let i = 0; i < probabilities.length; i++) this.step(i * windowSamples, probabilities[i] as number);
      return;
    }
    const unlimited = this.longest === Number.POSITIVE_INFINITY;
    for (let i = 0; i < probabilities.length; i++) {
      const probability = probabilities[i] as number;
      if (this.start < 0) {
        if (probability >= threshold) this.advance(i * windowSamples, probability);
      } else if (!unlimited || probability < negativeThreshold || this.silenceStart > 0) {
        this.advance(i * windowSamples, probability);
      }
    }
  }

  /**
   * Closes what is open and widens every segment by its padding, in whole samples; two that are closer than their
   * padding share what lies between them.
   * @param length of the signal, in samples
   */
  finish(length: number): void {
    if (this.start >= 0 && length - this.start > this.rules.minSpeechSamples) this.keep(length, length);
    this.start = IDLE;
    this.forgetCuts();
    this.pad(length);
  }

  private advance(position: number, level: number): boolean {
    const { threshold, negativeThreshold } = this.rules;
    if (level >= threshold) {
      if (this.silenceStart > 0) this.endSilence(position);
      if (this.start < 0) {
        this.start = position;
        return false;
      }
    }
    if (this.start < 0) return false;
    let ended = false;
    if (position - this.start > this.longest) {
      ended = true;
      this.cut(position);
    }
    if (level < negativeThreshold && this.start >= 0) ended = this.hearSilence(position) || ended;
    return ended;
  }

  private endSilence(position: number): void {
    const silence = position - this.silenceStart;
    if (silence > this.rules.minSilenceAtMaxSamples && silence > this.bestCutSilence) {
      this.bestCut = this.silenceStart;
      this.bestCutSilence = silence;
    }
    this.silenceStart = 0;
    if (this.afterLastCut < this.lastCut) this.afterLastCut = position;
  }

  /** The segment is too long: it ends at the best place known, and what follows begins where speech went on. */
  private cut(position: number): void {
    const decided = position + this.rules.windowSamples;
    let next = IDLE;
    if (this.rules.cutAtLongestSilence && this.bestCutSilence > 0) {
      this.keep(this.bestCut, decided);
      next = this.bestCut + this.bestCutSilence;
    } else if (this.lastCut > 0) {
      this.keep(this.lastCut, decided);
      if (this.afterLastCut >= this.lastCut) next = this.afterLastCut;
    } else {
      this.keep(position, decided);
    }
    this.start = next;
    this.forgetCuts();
  }

  private hearSilence(position: number): boolean {
    const { minSilenceAtMaxSamples, minSilenceSamples, minSpeechSamples, cutAtLongestSilence } = this.rules;
    if (this.silenceStart === 0) this.silenceStart = position;
    const silence = position - this.silenceStart;
    if (!cutAtLongestSilence && silence > minSilenceAtMaxSamples) this.lastCut = this.silenceStart;
    if (silence < minSilenceSamples) return false;
    const kept = this.silenceStart - this.start > minSpeechSamples;
    if (kept) this.keep(this.silenceStart, position + this.rules.windowSamples);
    this.start = IDLE;
    this.forgetCuts();
    return kept;
  }

  private keep(end: number, decided: number): void {
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
      this.decided = grown(this.decided);
    }
    this.starts[this.count] = this.start;
    this.ends[this.count] = end;
    this.decided[this.count] = decided;
    this.count++;
  }

  private forgetCuts(): void {
    this.silenceStart = 0;
    this.bestCut = 0;
    this.bestCutSilence = 0;
    this.lastCut = 0;
    this.afterLastCut = 0;
  }

  private pad(length: number): void {
    const { starts, ends, count } = this;
    const { padBeforeSamples: before, padAfterSamples: after } = this.rules;
    const shareAfter = after / (before + after);
    const last = count - 1;
    if (count > 0) starts[0] = Math.trunc(Math.max(0, (starts[0] as number) - before));
    for (let i = 0; i < last; i++) {
      const end = ends[i] as number;
      const next = starts[i + 1] as number;
      const gap = next - end;
      const shared = gap < before + after;
      ends[i] = shared ? end + Math.floor(gap * shareAfter) : Math.trunc(Math.min(length, end + after));
      starts[i + 1] = Math.trunc(Math.max(0, next - (shared ? Math.floor(gap * (1 - shareAfter)) : before)));
    }
    if (count > 0) ends[last] = Math.trunc(Math.min(length, (ends[last] as number) + after));
  }
}

function longestBeforePadding(rules: SegmentRules): number {
  return rules.maxSpeechSamples - rules.windowSamples - rules.padBeforeSamples - rules.padAfterSamples;
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}
