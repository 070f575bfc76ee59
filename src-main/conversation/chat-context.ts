/**
 * A conversation as an agent and its model see it: an ordered list of items. Copies are independent, so that a hook
 * can change one for a single turn; JSON holds everything unless told to leave something out.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Fault } from '../fault.ts';
import type { ChatContent, ChatItem, ChatMessage, ChatRole } from '../speech/llm/chat.ts';

export interface CopyOptions {
  /** Calls and what came of them. */
  readonly excludeFunctionCall?: boolean;
  /** System messages, and that the instructions became others. */
  readonly excludeInstructions?: boolean;
  readonly excludeImage?: boolean;
  readonly excludeAudio?: boolean;
  readonly excludeHandoff?: boolean;
  /** Messages in which nothing is, or nothing is left. */
  readonly excludeEmptyMessage?: boolean;
}

export interface AddMessage {
  readonly role: ChatRole;
  readonly content: string | ChatContent[];
  readonly interrupted?: boolean;
  /** Where it belongs, in milliseconds since the epoch; at the end if left out. */
  readonly createdAt?: number;
}

export class ChatContext {
  #items: ChatItem[];

  constructor(items: readonly ChatItem[] = []) {
    this.#items = [...items];
  }

  /** In order; replace it with `insert`, `remove` and `truncate`. */
  get items(): readonly ChatItem[] {
    return this.#items;
  }

  addMessage({ role, content, interrupted, createdAt }: AddMessage): ChatMessage {
    const message: ChatMessage = {
      type: 'message',
      id: randomUUID(),
      createdAt: createdAt ?? Date.now(),
      role,
      content: typeof content === 'string' ? [content] : [...content],
      ...(interrupted ? { interrupted } : {}),
    };
    if (createdAt === undefined) this.#items.push(message);
    else this.insert(message);
    return message;
  }

  /** Puts items where their time belongs; items of the same time keep their order. */
  insert(items: ChatItem | readonly ChatItem[]): void {
    for (const item of [items].flat()) {
      const after = this.#items.findLastIndex(({ createdAt }) => createdAt <= item.createdAt);
      this.#items.splice(after + 1, 0, item);
    }
  }

  /** Of its items. */
  get ids(): ReadonlySet<string> {
    return new Set(this.#items.map(({ id }) => id));
  }

  getById(id: string): ChatItem | undefined {
    return this.#items.find((item) => item.id === id);
  }

  /** Puts the item in the place of the one with its id, if there is one. */
  replace(item: ChatItem): void {
    this.#items = this.#items.map((one) => (one.id === item.id ? item : one));
  }

  /** @param item it, or its id. What is not there need not be removed. */
  remove(item: ChatItem | string): void {
    const wanted = typeof item === 'string' ? item : item.id;
    this.#items = this.#items.filter(({ id }) => id !== wanted);
  }

  /** An independent copy: changing its items changes nothing here. */
  copy(options: CopyOptions = {}): ChatContext {
    const kept = this.#items.filter((item) => {
      if (item.type === 'message') return item.role !== 'system' || !options.excludeInstructions;
      if (item.type === 'instructions_change') return !options.excludeInstructions;
      if (item.type === 'agent_handoff') return !options.excludeHandoff;
      return !options.excludeFunctionCall;
    });
    const copies = kept.map((item) => copyItem(item, options));
    const isEmpty = (item: ChatItem) => item.type === 'message' && item.content.length === 0;
    return new ChatContext(options.excludeEmptyMessage ? copies.filter((item) => !isEmpty(item)) : copies);
  }

  /**
   * Keeps the newest `maxItems`, system messages besides. A function's output whose call was cut goes with it.
   */
  truncate(maxItems: number): this {
    let start = Math.max(0, this.#items.length - maxItems);
    while (this.#items[start]?.type === 'function_call_output' || this.#items[start]?.type === 'function_call') start++;
    const instructions = this.#items
      .slice(0, start)
      .filter((item) => item.type === 'message' && item.role === 'system');
    const kept = this.#items.slice(start);
    const calls = new Set(kept.flatMap((item) => (item.type === 'function_call' ? [item.callId] : [])));
    const whole = kept.filter((item) => item.type !== 'function_call_output' || calls.has(item.callId));
    this.#items = [...instructions, ...whole];
    return this;
  }

  /** Takes in what `other` has and this has not, where its time belongs. */
  merge(other: ChatContext, options: CopyOptions = {}): this {
    const known = this.ids;
    this.insert(other.copy(options).items.filter(({ id }) => !known.has(id)));
    return this;
  }

  /** Whether both hold the same items in the same order, whenever they were made. */
  isEquivalent(other: ChatContext): boolean {
    const timeless = ({ items }: ChatContext) => items.map((item) => ({ ...item, createdAt: 0 }));
    return isDeepStrictEqual(timeless(this), timeless(other));
  }

  toJSON(options: CopyOptions = {}): { items: ChatItem[] } {
    return { items: [...this.copy(options).items] };
  }

  /** @throws Fault `chat-context-invalid` */
  static fromJSON(json: unknown): ChatContext {
    const parsed = contextSchema.safeParse(json);
    if (parsed.success) return new ChatContext(parsed.data.items as ChatItem[]);
    const [issue] = parsed.error.issues;
    throw new Fault('chat-context-invalid', `Not a chat context: ${issue?.path.join('.')}: ${issue?.message}`, {
      hint: 'Give what ChatContext.toJSON returned.',
    });
  }
}

function copyItem(item: ChatItem, { excludeImage, excludeAudio }: CopyOptions): ChatItem {
  if (item.type !== 'message') return { ...item };
  const content = item.content.filter((part) => {
    if (typeof part === 'string') return true;
    return part.type === 'image' ? !excludeImage : !excludeAudio;
  });
  return { ...item, content };
}

const stamp = { id: z.string(), createdAt: z.number() };
const contextSchema = z.object({
  items: z.array(
    z.discriminatedUnion('type', [
      z.object({
        type: z.literal('message'),
        ...stamp,
        role: z.enum(['system', 'user', 'assistant']),
        content: z.array(
          z.union([
            z.string(),
            z.object({ type: z.literal('image'), mimeType: z.string(), base64: z.base64() }),
            z.object({ type: z.literal('audio'), base64: z.base64(), transcript: z.string().nullable() }),
          ]),
        ),
        interrupted: z.boolean().optional(),
      }),
      z.object({
        type: z.literal('function_call'),
        ...stamp,
        callId: z.string(),
        name: z.string(),
        arguments: z.string(),
        server: z.string().optional(),
      }),
      z.object({
        type: z.literal('function_call_output'),
        ...stamp,
        callId: z.string(),
        name: z.string(),
        output: z.string(),
        isError: z.boolean(),
      }),
      z.object({ type: z.literal('agent_handoff'), ...stamp, from: z.string().nullable(), to: z.string() }),
      z.object({ type: z.literal('instructions_change'), ...stamp, instructions: z.string() }),
    ]),
  ),
});
