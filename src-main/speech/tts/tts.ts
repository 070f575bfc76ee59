/** Text to speech: text as it is written in, audio as it is spoken out. */
import type { AudioFrame } from '../../audio/frame.ts';
import type { CallOptions } from '../call.ts';

export interface TtsOptions extends CallOptions {
  /** How it is to be spoken ("whisper, a little amused"); voices that take no directions ignore it. */
  readonly instructions?: string;
}

export interface Tts {
  /** For the log and the interface: provider, model and voice, `openai/gpt-4o-mini-tts/alloy`. */
  readonly label: string;
  /**
   * @param text pieces of any length as the model writes them; joined they are the whole reply.
   * @returns frames in order, each first frame of a spoken piece carrying its `text`;
   *   joined, these texts are what was asked to be spoken.
   * @throws Fault
   */
  synthesize(text: AsyncIterable<string>, options: TtsOptions): AsyncIterable<AudioFrame>;
  /** Opens a connection ahead of need; never throws. */
  warm(): void;
}

/** One request for the sound of one piece of text: what a provider implements. */
export interface Speaker {
  readonly label: string;
  /** Longest text of one request, in characters. */
  readonly maxCharacters: number;
  /** @throws Fault; text without sound (only punctuation, say) yields nothing. */
  speak(text: string, options: TtsOptions): AsyncIterable<AudioFrame>;
  warm(): void;
}
