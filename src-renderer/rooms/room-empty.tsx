/** Before anything is said in a room that was joined. */
import { keyName } from '../i18n/format.ts';
import { roomWords } from '../i18n/room-words.ts';
import { useWindow } from '../services.ts';

export function RoomEmpty({ name }: { name: string }) {
  const key = keyName(useWindow((state) => state.app?.settings.talk.key ?? 'Space'));
  return <p className="room-empty">{roomWords.empty(name, key)}</p>;
}
