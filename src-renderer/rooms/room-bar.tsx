/** Who is in the room, and the ways to bring others in and to get out. */
import { useState } from 'react';
import type { RoomView } from '../../src-preload/rooms-contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { roomWords } from '../i18n/room-words.ts';
import { useServices } from '../services.ts';
import { PlusIcon } from '../ui/icons.tsx';
import { GuestsDialog } from './guests-dialog.tsx';
import { Members } from './members.tsx';
import { RecordedMark } from './recorded-mark.tsx';
import type { RoomState } from './room-state.ts';

const { bar: told } = roomWords;

interface RoomBarProps {
  readonly view: RoomView;
  readonly room: RoomState;
}

export function RoomBar({ view, room }: RoomBarProps) {
  const { bridge, store } = useServices();
  const [inviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const sharing = view.mode === 'sharing';

  const leave = async () => {
    setLeaving(true);
    try {
      await bridge.invoke('room.leave', {});
    } catch (thrown) {
      store.setState({ fault: faultOf(thrown) });
    }
    setLeaving(false);
  };

  return (
    <div className="room-bar">
      <Members members={room.members} />
      <RecordedMark recorded={room.recorded} />
      <div className="room-bar-actions">
        {sharing && (
          <button type="button" className="button" onClick={() => setInviting(true)}>
            <PlusIcon />
            {told.invite}
          </button>
        )}
        <button type="button" className="button button-quiet" disabled={leaving} onClick={() => void leave()}>
          {sharing ? told.stop : told.leave}
        </button>
      </div>
      {inviting && <GuestsDialog guests={view.guests} onClose={() => setInviting(false)} />}
    </div>
  );
}
