/** Speech to text: frames in while the key is held, transcript events out; the end of the frames is the release. */
import type { AudioFrame } from '../../audio/frame.ts';
import type { CallOptions } from '../call.ts';

/** `interim` replaces the tentative words; `final` commits words for good and clears the tentative ones. */
export interface SpeechEvent {
  readonly type: 'interim' | 'final';
  readonly text: string;
}

export interface SttOptions extends CallOptions {
  /** BCP 47, e.g. `en`; null lets the provider detect it. */
  readonly language: string | null;
}

export interface Stt {
  /** For the log and the interface: provider and model, `openai/whisper-1`. */
  readonly label: string;
  /**
   * @param audio every captured frame in order, with `activity` set; ends at release.
   * @returns the transcript is the `final` texts joined by one space, empty ones left out.
   * @throws Fault
   */
  recognize(audio: AsyncIterable<AudioFrame>, options: SttOptions): AsyncIterable<SpeechEvent>;
  /** Opens a connection ahead of need; never throws. */
  warm(): void;
}

/** One request for the transcript of one piece of audio: what a provider implements. */
export interface Transcriber {
  readonly label: string;
  /**
   * @param samples mono, at `sampleRate`, never empty.
   * @param options.prompt what was said just before, for continuity.
   * @returns growing interim texts where the model streams, then exactly one `final`, possibly empty.
   * @throws Fault
   */
  transcribe(
    samples: Int16Array,
    sampleRate: number,
    options: SttOptions & { readonly prompt: string | null },
  ): AsyncIterable<SpeechEvent>;
  warm(): void;
}
