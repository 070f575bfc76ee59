/** What a language model is shown: the items of a conversation, in order. */

export type ChatRole = 'system' | 'user' | 'assistant';

export interface ChatMessage {
  readonly type: 'message';
  readonly id: string;
  readonly role: ChatRole;
  readonly text: string;
  /** An assistant's message of which only a part was heard; `text` is that part. */
  readonly interrupted?: boolean;
}

export type ChatItem = ChatMessage;
