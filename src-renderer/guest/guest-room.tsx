/** The room as a guest sees it: who is there, what is said, the key. */
import '../talk/talk-screen.css';
import '../rooms/room.css';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { FaultView } from '../../src-preload/contract.ts';
import { keyName } from '../i18n/format.ts';
import { roomWords } from '../i18n/room-words.ts';
import { words } from '../i18n/words.ts';
import { Members } from '../rooms/members.tsx';
import { RecordedMark } from '../rooms/recorded-mark.tsx';
import { RoomNews } from '../rooms/room-news.tsx';
import { RoomScript } from '../rooms/room-script.tsx';
import { KeyButton } from '../talk/key-button.tsx';
import { isLive } from '../talk/key-face.ts';
import { MessageField } from '../talk/message-field.tsx';
import { ProductName } from '../ui/product-name.tsx';
import { guestFace } from './guest-face.ts';
import type { GuestSession } from './guest-session.ts';
import { GUEST_KEY } from './guest-talk.ts';

const { guest: told } = roomWords;

interface GuestRoomProps {
  readonly session: GuestSession;
  readonly onOver: (why: Pick<FaultView, 'message' | 'hint'>) => void;
}

export function GuestRoom({ session, onOver }: GuestRoomProps) {
  const { room: opened, talk, capture } = session;
  const room = useStore(opened.store);
  const talking = useStore(talk.store);
  const [draft, setDraft] = useState('');
  const key = keyName(GUEST_KEY);
  const face = guestFace(talking, room, key);
  useEffect(() => {
    if (room.connection !== 'ended' || !room.fault) return;
    void session.leave();
    onOver(room.fault);
  }, [room.connection, room.fault, session, onOver]);

  const leave = () => {
    void session.leave();
    onOver(told.left);
  };

  return (
    <div className="guest">
      <header className="room-bar guest-header">
        <ProductName />
        <Members members={room.members} />
        <RecordedMark recorded={room.recorded} />
        <button type="button" className="button button-quiet" onClick={leave}>
          {told.leave}
        </button>
      </header>
      <main className="talk" id="content" tabIndex={-1}>
        <RoomScript lines={room.lines} self={room.identity}>
          <p className="room-empty">{told.silence(key)}</p>
        </RoomScript>
        <div className="talk-foot">
          <RoomNews room={room} fault={talking.fault} />
          <MessageField text={draft} onText={setDraft} send={(text) => opened.say(text)} />
          <KeyButton
            face={face}
            keyName={key}
            levels={isLive(face.mode) ? capture.levels : null}
            onPress={(by, at) => {
              session.wake();
              talk.press(by, at);
            }}
            onToggle={(at) => talk.toggle(at)}
          />
          <p className="visually-hidden" role="status">
            {isLive(face.mode) ? words.key[face.mode] : ''}
          </p>
        </div>
      </main>
    </div>
  );
}
