/** What a key in a room says besides what every key says: that it waits, for whom, and who has it. */
import { roomWords } from '../i18n/room-words.ts';
import { words } from '../i18n/words.ts';
import type { RoomState } from './room-state.ts';

const { key: told } = roomWords;

export interface RoomLabel {
  readonly label: string;
  readonly hint: string;
}

/** @returns null when there is nothing to add */
export function roomLabel({ connection, sending, queue, identity, members }: RoomState): RoomLabel | null {
  if (sending === 'waiting') return { label: told.waiting, hint: words.key.hints.cancel };
  if (sending === 'asking') return { label: told.asking, hint: '' };
  if (sending === 'queued') return { label: told.queued(queue.indexOf(identity) + 1), hint: words.key.hints.cancel };
  if (sending === 'sending') return { label: told.sending, hint: '' };
  if (connection === 'reconnecting') return { label: told.reconnecting, hint: told.reconnectingHint };
  const holder = members.find(({ holdsKey, isSelf }) => holdsKey && !isSelf);
  return holder ? { label: told.held(holder.name), hint: told.heldHint } : null;
}
