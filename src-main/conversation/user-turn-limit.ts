/** How long the user may speak before the agent is asked what to do, and the watch that is kept on it. */
import { PIPELINE_RATE, samplesToMs } from '../audio/frame.ts';
import type { SpeechEvent } from '../speech/stt/stt.ts';

/** Whichever is reached first; what is left out is no limit. */
export interface UserTurnLimit {
  /** Of sound, from the first sample on. */
  readonly maxDurationMs?: number;
  /** As far as they are recognised while the user speaks. */
  readonly maxWords?: number;
}

/** How far it had come when the limit was reached. */
export interface UserTurnExceeded {
  /** What is recognised so far. */
  readonly transcript: string;
  readonly words: number;
  readonly durationMs: number;
}

export class UserTurnWatch {
  readonly #limit: UserTurnLimit;
  readonly #onExceeded: (exceeded: UserTurnExceeded) => void;
  #samples = 0;
  #final = '';
  #transcript = '';
  #words = 0;
  #exceeded = false;

  /** @param onExceeded is called once */
  constructor(limit: UserTurnLimit, onExceeded: (exceeded: UserTurnExceeded) => void) {
    this.#limit = limit;
    this.#onExceeded = onExceeded;
  }

  /** @param count samples at 24 kHz */
  captured(count: number): void {
    this.#samples += count;
    this.#check();
  }

  transcribed({ type, text }: SpeechEvent): void {
    this.#transcript = `${this.#final} ${text}`.trim();
    if (type === 'final') this.#final = this.#transcript;
    this.#words = wordsIn(this.#transcript);
    this.#check();
  }

  #check(): void {
    if (this.#exceeded) return;
    const { maxDurationMs = Number.POSITIVE_INFINITY, maxWords = Number.POSITIVE_INFINITY } = this.#limit;
    const durationMs = Math.round(samplesToMs(this.#samples, PIPELINE_RATE));
    if (durationMs < maxDurationMs && this.#words < maxWords) return;
    this.#exceeded = true;
    this.#onExceeded({ transcript: this.#transcript, words: this.#words, durationMs });
  }
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** In any language, also in those that put no spaces between words. */
function wordsIn(text: string): number {
  return [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike).length;
}
