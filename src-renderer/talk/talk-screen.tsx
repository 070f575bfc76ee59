/** Talk: the script above, the key at the foot. */
import './talk-screen.css';
import { lazy, Suspense } from 'react';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';
import { Announcer } from './announcer.tsx';
import { MessageField } from './message-field.tsx';
import { StatusLine } from './status-line.tsx';
import { TalkKey } from './talk-key.tsx';
import { Transcript } from './transcript.tsx';
import { useMessage } from './use-message.ts';
import { useTalking } from './use-talking.ts';

const RoomScreen = lazy(() => import('../rooms/room-screen.tsx'));

export function TalkScreen() {
  const inRoom = useWindow((state) => Boolean(state.rooms?.room));
  return (
    <>
      <h2 className="visually-hidden">{words.talk.title}</h2>
      {inRoom ? (
        <Suspense fallback={null}>
          <RoomScreen />
        </Suspense>
      ) : (
        <Alone />
      )}
    </>
  );
}

function Alone() {
  const { turns, retry, send } = useTalking();
  const [draft, setDraft] = useMessage();
  return (
    <div className="talk">
      <Transcript turns={turns} onRetry={retry} />
      <div className="talk-foot">
        <MessageField text={draft} onText={setDraft} send={send} />
        <TalkKey />
        <StatusLine last={turns.findLast((turn) => turn.timings !== null)} />
      </div>
      <Announcer />
    </div>
  );
}
