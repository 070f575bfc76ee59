/** What the guest's key shows: its own take first, then what the room is doing. */
import { words } from '../i18n/words.ts';
import { roomLabel } from '../rooms/room-label.ts';
import type { RoomState } from '../rooms/room-state.ts';
import { type KeyFace, type KeyMode, keyFace } from '../talk/key-face.ts';
import type { GuestTalkState } from './guest-talk.ts';

/** @param keyName as it stands on the keyboard */
export function guestFace(talk: GuestTalkState, room: RoomState, keyName: string): KeyFace {
  const own = ownMode(talk);
  if (own !== null) return keyFace(own, keyName, null);
  if (room.connection === 'connecting' || room.connection === 'ended') {
    return { mode: 'offline', label: words.key.offline, hint: '' };
  }
  const label = roomLabel(room);
  if (label) return { mode: room.sending === 'none' ? 'idle' : 'transcribing', ...label };
  const { agentState } = room;
  return keyFace(agentState === 'thinking' || agentState === 'speaking' ? agentState : 'idle', keyName, null);
}

function ownMode({ key, live, finishing }: GuestTalkState): KeyMode | null {
  if (finishing) return 'finishing';
  if (key === 'up') return null;
  if (!live) return 'arming';
  return key === 'locked' ? 'locked' : 'recording';
}
