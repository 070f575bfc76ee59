/** The language model: a chat context in, streamed chunks of the reply out. */
import type { CallOptions } from '../call.ts';
import type { ChatItem } from './chat.ts';

/** A function the model may ask for. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments: an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type ToolChoice = 'auto' | 'required' | 'none' | { readonly name: string };

/** A function the model asks for, complete. */
export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it, possibly broken. */
  readonly arguments: string;
}

export interface ChatChunk {
  /** The next characters of the reply; may be empty. */
  readonly text: string;
  /** What the model thinks aloud before it answers: not for anybody's ear. */
  readonly thought?: string;
  readonly toolCalls?: readonly ToolCall[];
}

/** The shape of an answer that is data and not prose. */
export interface ResponseFormat {
  readonly name: string;
  /** JSON Schema: an object. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface LlmOptions extends CallOptions {
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  /** A wish: not every server can hold its model to it. */
  readonly responseFormat?: ResponseFormat;
}

export interface Llm {
  /** For the log and the interface: provider and model, `openai/gpt-5-mini`. */
  readonly label: string;
  /** @throws Fault */
  chat(context: readonly ChatItem[], options: LlmOptions): AsyncIterable<ChatChunk>;
  /** Opens a connection ahead of need; never throws. */
  warm(): void;
}
