/** What `say` and `generateReply` take and return. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { AudioFrame } from '../audio/frame.ts';
import { Fault } from '../fault.ts';
import type { ChatMessage } from '../speech/llm/chat.ts';
import type { ToolChoice } from '../speech/llm/llm.ts';
import type { ChatContext } from './chat-context.ts';
import { uncounted } from './hooks.ts';

export interface SayOptions {
  /** Whether the conversation remembers it; true by default. */
  readonly addToChatCtx?: boolean;
  /** Its sound, where there is a recording of it: text-to-speech is not asked then. */
  readonly audio?: AsyncIterable<AudioFrame>;
}

export interface ReplyOptions {
  /** For this reply alone, besides the agent's own. */
  readonly instructions?: string;
  /** Answered as if the user had said it. */
  readonly userInput?: string | ChatMessage;
  /** What the model is shown instead of the agent's conversation, for this reply alone. */
  readonly chatCtx?: ChatContext;
  readonly toolChoice?: ToolChoice;
}

/** Something that is being said, or will be. */
export interface SpeechHandle {
  /** The same as in `speech_created`. */
  readonly id: string;
  /** Whether it was cut short, or never said. */
  readonly interrupted: boolean;
  /** Whether it was heard, or was interrupted. */
  done(): boolean;
  /** Resolves when it is done. @throws Fault within a function that it waits for itself */
  waitForPlayout(): Promise<{ interrupted: boolean }>;
  /** Called once, when it is done; soon, if it is already. */
  addDoneCallback(callback: (handle: SpeechHandle) => void): void;
}

/** The speech whose function runs. */
const calling = new AsyncLocalStorage<SpeechHandle>();

/** Runs a function that the model called in this speech. */
export function calledIn<T>(speech: SpeechHandle, work: () => T): T {
  return calling.run(speech, work);
}

export class PendingSpeech implements SpeechHandle {
  readonly id = randomUUID();
  readonly #begun = Promise.withResolvers<void>();
  readonly #made = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<{ interrupted: boolean }>();
  #outcome: { readonly interrupted: boolean } | null = null;

  /** Resolves when all of it is made, or never will be: nothing of it needs the agent any more. */
  get made(): Promise<void> {
    return this.#made.promise;
  }

  get interrupted(): boolean {
    return this.#outcome?.interrupted ?? false;
  }

  done(): boolean {
    return this.#outcome !== null;
  }

  waitForPlayout(): Promise<{ interrupted: boolean }> {
    if (calling.getStore() !== this || this.done()) {
      uncounted(this.#begun.promise, this.#done.promise);
      return this.#done.promise;
    }
    const fault = new Fault('speech-waits-for-itself', 'A function waits for the speech that waits for the function', {
      hint: 'Wait with waitForPlayout() of the function’s context for what was said before the call.',
      stage: 'tool',
    });
    return Promise.reject(fault);
  }

  addDoneCallback(callback: (handle: SpeechHandle) => void): void {
    void this.#done.promise.then(() => callback(this));
  }

  /** From here on whoever waits for it waits for a listener. */
  markBegun(): void {
    this.#begun.resolve();
  }

  markMade(): void {
    this.#made.resolve();
  }

  /** Only the first call counts. */
  finish(interrupted: boolean): void {
    this.#outcome ??= { interrupted };
    this.#made.resolve();
    this.#done.resolve(this.#outcome);
  }
}
