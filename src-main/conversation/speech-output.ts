/**
 * The voice of one turn: everything that is said in it goes through one playback, part after part, and for each part
 * it is known at every moment which of its words were heard.
 */
import { type AudioFrame, msToSamples, PIPELINE_RATE } from '../audio/frame.ts';
import { createResampler, type Resampler } from '../audio/resample.ts';
import type { Playback } from '../transport/transport.ts';
import { HeardText, wordsOf } from './heard-text.ts';

/** Sound is made no further ahead of the listener than this: an interruption should not pay for the whole reply. */
const AHEAD_SAMPLES = msToSamples(10_000, PIPELINE_RATE);

export interface SpeechOutputEvents {
  /** 24 kHz; `text` where new words begin. */
  audio(samples: Int16Array, text: string | undefined): void;
  /** @param heardText of all parts together */
  heard(heardSamples: number, heardText: string): void;
}

export class SpeechOutput {
  readonly #playback: Playback;
  readonly #events: SpeechOutputEvents;
  readonly #parts: SpokenPart[] = [];
  #writtenSamples = 0;
  #heardSamples = 0;
  #finished = false;
  readonly #waiting = new Set<() => void>();

  constructor(playback: Playback, events: SpeechOutputEvents) {
    this.#playback = playback;
    this.#events = events;
    playback.onHeard((samples) => {
      // A loudspeaker may still report what it was no longer asked for.
      if (this.#finished) return;
      this.#heardSamples = samples;
      this.#wake();
      events.heard(samples, this.heardText);
    });
    void playback.done.then(({ heardSamples }) => {
      this.#heardSamples = heardSamples;
      this.#finished = true;
      this.#wake();
    });
  }

  /** What was heard so far of everything that was shown. */
  get heardText(): string {
    return joined(this.#parts, ({ heardText }) => heardText);
  }

  /** Begins what is said next. */
  begin(): SpokenPart {
    const startSample = this.#writtenSamples;
    const part = new SpokenPart(() => this.#heardSamples - startSample);
    this.#parts.push(part);
    return part;
  }

  /** @returns more words of `part` as they are shown behind what was said before */
  show(part: SpokenPart, words: string): string {
    const begins = part.text === '' && words !== '';
    if (begins)
      part.gap = gapBetween(
        joined(this.#parts, ({ text }) => text),
        words,
      );
    part.text += words;
    return begins ? part.gap + words : words;
  }

  /** Plays a frame of any rate as sound of `part`; waits while the listener is far behind. */
  async write(part: SpokenPart, frame: AudioFrame): Promise<void> {
    const samples = part.atPipelineRate(frame);
    part.heard.add(samples.length, frame.text);
    this.#writtenSamples += samples.length;
    // Heard first, then filed.
    this.#playback.write({ ...frame, samples, sampleRate: PIPELINE_RATE });
    this.#events.audio(samples, frame.text);
    await this.#heardBut(AHEAD_SAMPLES);
  }

  /** Resolves when all that was written so far was heard, or never will be. */
  heard(): Promise<void> {
    return this.#heardBut(0, this.#writtenSamples);
  }

  async #heardBut(ahead: number, written?: number): Promise<void> {
    while (!this.#finished && (written ?? this.#writtenSamples) - this.#heardSamples > ahead) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  stop(): void {
    this.#playback.stop();
  }

  /** Waits until all of it was heard, or it was stopped. @returns whether all of it was heard */
  async finish(): Promise<boolean> {
    this.#playback.end();
    const { heardSamples, complete } = await this.#playback.done;
    this.#heardSamples = heardSamples;
    this.#events.heard(heardSamples, this.heardText);
    return complete;
  }
}

/** One utterance within a turn: what is shown of it, what is spoken of it, and how much of both was heard. */
export class SpokenPart {
  readonly heard = new HeardText();
  /** As shown. */
  text = '';
  /** What stands between it and what was said before. */
  gap = '';
  readonly #heardSamples: () => number;
  #resampler: { readonly rate: number; readonly resampler: Resampler } | null = null;
  #silent = false;

  constructor(heardSamples: () => number) {
    this.#heardSamples = heardSamples;
  }

  /** It is shown and not spoken: reading it is hearing it. */
  silence(): void {
    this.#silent = true;
  }

  /** How much of its sound was heard, at 24 kHz. */
  get heardSamples(): number {
    return Math.max(0, Math.min(this.#heardSamples(), this.heard.totalSamples));
  }

  /** It is shown and not spoken: reading it is hearing it. */
  get silent(): boolean {
    return this.#silent;
  }

  /** The shown words that were heard: a prefix of `text`. */
  get heardText(): string {
    if (this.#silent) return this.text;
    const heardSamples = this.#heardSamples();
    // A node that does not say which words it speaks is taken to speak at an even pace.
    if (this.heard.text === '') return wordsOf(this.text, heardSamples / Math.max(1, this.heard.totalSamples));
    const heard = this.heard.heardBy(heardSamples);
    if (heard !== '' && heard === this.heard.text && this.heard.ended) return this.text;
    if (this.text.startsWith(heard)) return heard;
    // Other words are shown than spoken: the same share of them.
    return wordsOf(this.text, heard.length / this.heard.text.length);
  }

  atPipelineRate({ samples, sampleRate }: AudioFrame): Int16Array {
    if (sampleRate === PIPELINE_RATE) return samples;
    if (this.#resampler?.rate !== sampleRate) {
      this.#resampler = { rate: sampleRate, resampler: createResampler(sampleRate, PIPELINE_RATE) };
    }
    return this.#resampler.resampler.push(samples);
  }
}

/** Words of parts that follow one another. */
export function joined(parts: readonly SpokenPart[], wordsOf: (part: SpokenPart) => string): string {
  return parts.map((part) => wordsOf(part) && part.gap + wordsOf(part)).join('');
}

function gapBetween(before: string, words: string): string {
  return before === '' || /\s$/.test(before) || /^\s/.test(words) ? '' : ' ';
}
