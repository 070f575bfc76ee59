/** A conversation as the Realtime API keeps it: items on the server, brought up to date before each answer. */
import { randomUUID } from 'node:crypto';
import type { ChatContent, ChatItem, ChatMessage } from '../../speech/llm/chat.ts';
import type { ClientEvent } from './realtime-connection.ts';

/** What the server knows of one of our items. */
export interface KnownItem {
  /** null until the server has named it. */
  readonly serverIds: readonly (string | null)[];
  /** What was said in it as far as we know; null when the server's own record, sound, is better than ours. */
  readonly words: string | null;
}

/** Sound whose words are not known: what stands in for them if the server has to be told again. */
export type SoundOf = (itemId: string) => string | null;

export interface Synchronisation {
  readonly events: readonly ClientEvent[];
  readonly known: ReadonlyMap<string, KnownItem>;
}

/**
 * What to tell the server so that it has all of `items` and nothing else.
 * @param soundOf base64 PCM of a user's message without words, null if there is none
 */
export function synchronise(
  items: readonly ChatItem[],
  known: ReadonlyMap<string, KnownItem>,
  soundOf: SoundOf,
): Synchronisation {
  const next = new Map<string, KnownItem>();
  const events: ClientEvent[] = [];
  const wanted = items.filter(isTold(items));
  let previous: string | null = 'root';
  for (const item of wanted) {
    const there = known.get(item.id);
    if (there && isCurrent(item, there)) {
      next.set(item.id, there);
      previous = there.serverIds.at(-1) ?? null;
      continue;
    }
    const told = toItem(item, soundOf);
    if (!told) continue;
    const id = randomUUID().replaceAll('-', '');
    const place: object = previous === null ? {} : { previous_item_id: previous };
    events.push({ type: 'conversation.item.create', ...place, item: { id, ...told } });
    next.set(item.id, { serverIds: [id], words: wordsOf(item) });
    previous = id;
  }
  const deletions = [...known].flatMap(([id, { serverIds }]) =>
    next.get(id)?.serverIds === serverIds ? [] : serverIds,
  );
  const deleting = deletions
    .filter((id) => id !== null)
    .map((id) => ({ type: 'conversation.item.delete', item_id: id }));
  return { events: [...deleting, ...events], known: next };
}

/** The words by which a change is noticed. */
function wordsOf(item: ChatItem): string {
  if (item.type === 'message') return JSON.stringify(item.content);
  if (item.type === 'function_call_output') return item.output;
  return '';
}

/** A message without words yet says nothing against what the server has. */
function isCurrent(item: ChatItem, { words }: KnownItem): boolean {
  const wordless = item.type === 'message' && item.content.every((part) => part === '');
  return words === null || wordless || words === wordsOf(item);
}

/** Handoffs and changes of instructions are for people; a call without its output would be left hanging. */
function isTold(items: readonly ChatItem[]): (item: ChatItem) => boolean {
  const answered = new Set(items.flatMap((item) => (item.type === 'function_call_output' ? [item.callId] : [])));
  return (item) =>
    item.type === 'message' ||
    item.type === 'function_call_output' ||
    (item.type === 'function_call' && answered.has(item.callId));
}

/** @returns null when there is nothing to tell. */
function toItem(item: ChatItem, soundOf: SoundOf): object | null {
  if (item.type === 'function_call') {
    return { type: 'function_call', call_id: item.callId, name: item.name, arguments: item.arguments };
  }
  if (item.type === 'function_call_output') {
    return { type: 'function_call_output', call_id: item.callId, output: item.output };
  }
  if (item.type !== 'message') return null;
  const content = item.content.flatMap((part) => toPart(part, item));
  const sound = content.length === 0 && item.role === 'user' ? soundOf(item.id) : null;
  if (sound !== null) content.push({ type: 'input_audio', audio: sound });
  return content.length === 0 ? null : { type: 'message', role: item.role, content };
}

function toPart(part: ChatContent, { role }: ChatMessage): object[] {
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  if (typeof part === 'string') return part === '' ? [] : [{ type, text: part }];
  if (part.type === 'image') {
    return [{ type: 'input_image', image_url: `data:${part.mimeType};base64,${part.base64}` }];
  }
  return part.transcript ? [{ type, text: part.transcript }] : [];
}
