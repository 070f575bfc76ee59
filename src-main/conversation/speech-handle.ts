/** What `say` and `generateReply` take and return. */
import type { ToolChoice } from '../speech/llm/llm.ts';

export interface SayOptions {
  /** Whether the conversation remembers it; true by default. */
  readonly addToChatCtx?: boolean;
}

export interface ReplyOptions {
  /** For this reply alone, besides the agent's own. */
  readonly instructions?: string;
  /** Answered as if the user had said it. */
  readonly userInput?: string;
  readonly toolChoice?: ToolChoice;
}

/** Something that is being said, or will be. */
export interface SpeechHandle {
  /** Resolves when it was heard, or was interrupted. */
  waitForPlayout(): Promise<{ interrupted: boolean }>;
}

export class PendingSpeech implements SpeechHandle {
  readonly #done = Promise.withResolvers<{ interrupted: boolean }>();

  waitForPlayout(): Promise<{ interrupted: boolean }> {
    return this.#done.promise;
  }

  /** Only the first call counts. */
  finish(interrupted: boolean): void {
    this.#done.resolve({ interrupted });
  }
}
