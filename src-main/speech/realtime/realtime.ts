/**
 * Speech to speech: one model that hears, thinks and speaks, in place of recogniser, language model and voice. Whose turn
 * it is is never the model's to decide: it hears while the talk key is held and answers when it is asked to.
 */
import type { AudioFrame } from '../../audio/frame.ts';
import type { CallOptions } from '../call.ts';
import type { ChatItem } from '../llm/chat.ts';
import type { Llm, ToolCall, ToolChoice, ToolDefinition } from '../llm/llm.ts';
import type { SpeechEvent } from '../stt/stt.ts';

export interface RealtimeModel {
  /** For the log and the interface: provider and model, `openai/gpt-realtime`. */
  readonly label: string;
  /**
   * Begins a conversation; a connection is made when it is first needed.
   * @param voice null is the model's usual one. It can't change within a session.
   */
  open(voice: string | null): RealtimeSession;
}

/** What the model says, in the order in which it says it; words and their sound run side by side. */
export type RealtimeOutput =
  | { readonly type: 'text'; readonly text: string }
  /** 24 kHz. */
  | { readonly type: 'audio'; readonly frame: AudioFrame }
  | { readonly type: 'call'; readonly call: ToolCall };

export interface ListenOptions extends CallOptions {
  /** Under which the conversation will keep what is said. */
  readonly messageId: string;
  /** Called once, when the model has got all of it; not when there was nothing to hear. */
  readonly onHeard: () => void;
}

export interface RespondOptions extends CallOptions {
  /** Under which the conversation will keep the answer. */
  readonly messageId: string;
  readonly instructions: string;
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
}

export interface RealtimeSession {
  /**
   * Hears one utterance while it is spoken. What is captured is what is sent, sample by sample; a take in which voice
   * detection finds nothing is not sent at all.
   * @param audio frames at 24 kHz, in order; they end when the user is done
   * @returns the words as the model's recogniser understood them: growing interim texts, then one `final`, which may
   *   come long after `onHeard`
   * @throws Fault
   */
  listen(audio: AsyncIterable<AudioFrame>, options: ListenOptions): AsyncIterable<SpeechEvent>;
  /**
   * Answers. The model first gets what it does not know yet of `context`, and forgets what is no longer in it; what it
   * heard and said itself it remembers as sound.
   * @throws Fault
   */
  respond(context: readonly ChatItem[], options: RespondOptions): AsyncIterable<RealtimeOutput>;
  /**
   * Makes the model forget the part of an answer that was not heard.
   * @param heardSamples of its sound, at 24 kHz
   */
  truncate(messageId: string, heardSamples: number): void;
  /** Opens the connection ahead of need; never throws. */
  warm(): void;
  close(): void;
}

export function isRealtime(model: Llm | RealtimeModel): model is RealtimeModel {
  return 'open' in model;
}
