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
  readonly #made = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<{ interrupted: boolean }>();

  /** Resolves when all of it is made, or never will be: nothing of it needs the agent any more. */
  get made(): Promise<void> {
    return this.#made.promise;
  }

  waitForPlayout(): Promise<{ interrupted: boolean }> {
    return this.#done.promise;
  }

  markMade(): void {
    this.#made.resolve();
  }

  /** Only the first call counts. */
  finish(interrupted: boolean): void {
    this.#made.resolve();
    this.#done.resolve({ interrupted });
  }
}
