/** Talk, in a room: who is there above the script, and a key that knows of the others'. */
import './room.css';
import './room-screen.css';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { faultOf } from '../bridge/command-error.ts';
import { keyName } from '../i18n/format.ts';
import { useServices, useWindow } from '../services.ts';
import { Announcer } from '../talk/announcer.tsx';
import { KeyButton } from '../talk/key-button.tsx';
import { isLive, keyFace, keyMode } from '../talk/key-face.ts';
import { MessageField } from '../talk/message-field.tsx';
import { StatusLine } from '../talk/status-line.tsx';
import { Transcript } from '../talk/transcript.tsx';
import { useMessage } from '../talk/use-message.ts';
import { useTalking } from '../talk/use-talking.ts';
import { RoomBar } from './room-bar.tsx';
import { RoomEmpty } from './room-empty.tsx';
import { roomLabel } from './room-label.ts';
import { RoomNews } from './room-news.tsx';
import { RoomScript } from './room-script.tsx';
import { NOT_YET_THERE, type RoomState } from './room-state.ts';

const OUTSIDE = createStore<RoomState>()(() => NOT_YET_THERE);

export default function RoomScreen() {
  const { bridge, store } = useServices();
  const view = useWindow((state) => state.rooms?.room);
  const opened = useWindow((state) => state.room);
  const room = useStore(opened?.store ?? OUTSIDE);
  const { turns, retry, send } = useTalking();
  const [draft, setDraft] = useMessage();
  const joined = view?.mode === 'joined';
  const last = turns.at(-1);
  const failed = joined && last?.outcome === 'failed' ? last : null;
  const say = async (text: string) => {
    try {
      // Kept before it is said: the answer may come at once.
      await bridge.invoke('talk.sendText', { text });
      await opened?.say(text);
    } catch (thrown) {
      store.setState({ fault: faultOf(thrown) });
      throw thrown;
    }
  };
  if (!view) return null;
  return (
    <div className="talk room">
      <RoomBar view={view} room={room} />
      {joined ? (
        <RoomScript lines={room.lines} self={room.identity}>
          <RoomEmpty name={view.name} />
        </RoomScript>
      ) : (
        <Transcript turns={turns} onRetry={retry} />
      )}
      <div className="talk-foot">
        <RoomNews
          room={room}
          fault={failed?.error ?? view.fault ?? room.fault}
          onRetry={failed && (() => retry(failed.id))}
        />
        <MessageField text={draft} onText={setDraft} send={joined ? say : send} />
        <RoomKey room={room} />
        <StatusLine last={turns.findLast((turn) => turn.timings !== null)} elsewhere={joined} />
      </div>
      <Announcer />
    </div>
  );
}

function RoomKey({ room }: { room: RoomState }) {
  const { capture, talk } = useServices();
  const key = keyName(useWindow((state) => state.app?.settings.talk.key ?? 'Space'));
  const confirmDiscardMs = useWindow((state) => state.confirmDiscardMs);
  // Of what others do with the key only the words are told.
  const own = useWindow((state) => state.conversation.takeId === null || state.conversation.takeId === capture.takeId);
  const mode = useWindow((state) => (own ? keyMode(state) : 'idle'));
  const face = useMemo(() => {
    const usual = keyFace(mode, key, confirmDiscardMs);
    const label = mode === 'idle' || mode === 'transcribing' ? roomLabel(room) : null;
    return label ? { ...usual, ...label } : usual;
  }, [mode, key, confirmDiscardMs, room]);
  return (
    <KeyButton
      face={face}
      keyName={key}
      levels={isLive(mode) ? capture.levels : null}
      onPress={(by, at) => talk.press(by, at)}
      onToggle={(at) => talk.toggle(at)}
    />
  );
}
