/** What the nodes of an agent are given besides their input, and what they answer. */
import type { ResponseFormat, ToolChoice } from '../speech/llm/llm.ts';

export interface NodeSettings {
  readonly turnId: string;
  /** Aborts when the turn is interrupted or cancelled: a node should stop. */
  readonly signal: AbortSignal;
  /** For llmNode. */
  readonly toolChoice?: ToolChoice;
  /** For llmNode: an answer that is data. An agent that asks for it reads it in its other nodes. */
  readonly responseFormat?: ResponseFormat;
  /** For ttsNode: how to speak. */
  readonly voiceInstructions?: string;
}

/** A stream, or null to switch the stage off. */
export type NodeOutput<T> = AsyncIterable<T> | null | Promise<AsyncIterable<T> | null>;
