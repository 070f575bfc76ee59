/** The language model: a chat context in, streamed chunks of the reply out. */
import type { CallOptions } from '../call.ts';
import type { ChatItem } from './chat.ts';

export interface ChatChunk {
  /** The next characters of the reply. */
  readonly text: string;
}

export interface Llm {
  /** For the log and the interface: provider and model, `openai/gpt-5-mini`. */
  readonly label: string;
  /** @throws Fault */
  chat(context: readonly ChatItem[], options: CallOptions): AsyncIterable<ChatChunk>;
  /** Opens a connection ahead of need; never throws. */
  warm(): void;
}
