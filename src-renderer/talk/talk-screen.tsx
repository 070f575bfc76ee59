/** Talk: the script above, the key at the foot. */
import './talk-screen.css';
import { useCallback, useMemo } from 'react';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { Announcer } from './announcer.tsx';
import { MessageField } from './message-field.tsx';
import { StatusLine } from './status-line.tsx';
import { TalkKey } from './talk-key.tsx';
import { Transcript } from './transcript.tsx';

export function TalkScreen() {
  const { bridge, playback, store } = useServices();
  const all = useWindow((state) => state.turns);
  const sessionId = useWindow((state) => state.conversation.sessionId);
  const turns = useMemo(() => all.filter((turn) => turn.sessionId === sessionId), [all, sessionId]);

  const retry = useCallback(
    (turnId: string) => {
      void playback.wake();
      bridge.invoke('talk.retry', { turnId }).catch((thrown) => store.setState({ fault: faultOf(thrown) }));
    },
    [bridge, playback, store],
  );

  return (
    <div className="talk">
      <h2 className="visually-hidden">{words.talk.title}</h2>
      <Transcript turns={turns} onRetry={retry} />
      <div className="talk-foot">
        <MessageField />
        <TalkKey />
        <StatusLine last={turns.findLast((turn) => turn.timings !== null)} />
      </div>
      <Announcer />
    </div>
  );
}
