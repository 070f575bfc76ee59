/** One session as it was said, to be read, heard and sent again. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { CommandOutput, FaultView, TurnView } from '../../src-preload/contract.ts';
import type { Track } from '../../src-preload/recording-path.ts';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { TurnScript } from '../talk/turn-script.tsx';
import { BackIcon } from '../ui/icons.tsx';
import { Recording } from './recording.tsx';

interface SessionScriptProps {
  readonly sessionId: string;
  readonly onBack: () => void;
}

export function SessionScript({ sessionId, onBack }: SessionScriptProps) {
  const { bridge, playback, store } = useServices();
  const [found, setFound] = useState<CommandOutput<'sessions.get'> | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);

  useEffect(() => {
    bridge
      .invoke('sessions.get', { sessionId })
      .then(setFound)
      .catch((thrown) => setFault(faultOf(thrown)));
  }, [bridge, sessionId]);

  const retry = useCallback(
    async (turnId: string) => {
      void playback.wake();
      try {
        await bridge.invoke('talk.retry', { turnId });
        store.setState({ screen: 'talk' });
      } catch (thrown) {
        setFault(faultOf(thrown));
      }
    },
    [bridge, playback, store],
  );

  const turns = found?.turns ?? [];
  const sentAgain = useMemo(() => new Set(found?.turns.map((turn) => turn.retryOf)), [found]);
  return (
    <>
      <button type="button" className="button button-quiet history-back" onClick={onBack}>
        <BackIcon />
        {words.history.back}
      </button>
      {fault && (
        <p className="history-error" role="status">
          {fault.message} {fault.hint}
        </p>
      )}
      <div className="history-script">
        {turns.map((turn) => (
          <TurnScript
            key={turn.id}
            turn={turn}
            sentAgain={sentAgain.has(turn.id)}
            onRetry={(turnId) => void retry(turnId)}
            recording={recordingOf}
          />
        ))}
      </div>
    </>
  );
}

function recordingOf(turn: TurnView, track: Track) {
  const durationMs = track === 'user' ? turn.user.audioMs : turn.reply.audioMs;
  return <Recording turnId={turn.id} track={track} durationMs={durationMs} />;
}
