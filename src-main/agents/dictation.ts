/** Dictation: push to talk that only transcribes. What you say is put on the clipboard; nobody answers. */
import { Agent } from '../conversation/agent.ts';
import type { ChatContext } from '../conversation/chat-context.ts';
import { StopResponse } from '../conversation/tool.ts';
import { type ChatMessage, textOf } from '../speech/llm/chat.ts';

export interface DictationOptions {
  /** Puts words on the clipboard of whoever is looking. @returns whether anybody is */
  readonly copy: (text: string) => boolean;
}

export class Dictation extends Agent {
  readonly #copy: (text: string) => boolean;

  constructor({ copy }: DictationOptions) {
    super({ id: 'dictation', instructions: '', llm: null, tts: null });
    this.#copy = copy;
  }

  override async onUserTurnCompleted(_turnCtx: ChatContext, newMessage: ChatMessage): Promise<void> {
    const copied = this.#copy(textOf(newMessage));
    throw new StopResponse(copied ? 'Dictated: the words are on the clipboard.' : 'Dictated.');
  }
}
