/** The conversation as the model will be shown it: an ordered list of items that only the session changes. */
import { randomUUID } from 'node:crypto';
import type { ChatItem, ChatMessage, ChatRole } from '../speech/llm/chat.ts';

export class ChatContext {
  #items: ChatItem[] = [];

  get items(): readonly ChatItem[] {
    return this.#items;
  }

  add(role: ChatRole, text: string, options: { interrupted?: boolean } = {}): ChatMessage {
    const message: ChatMessage = { type: 'message', id: randomUUID(), role, text, ...options };
    this.#items = [...this.#items, message];
    return message;
  }

  remove(id: string): void {
    this.#items = this.#items.filter((item) => item.id !== id);
  }
}
