/** One session as it was said: to be read, heard, inspected, proved, taken away, erased and sent again. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ErasureReport, FaultView, SessionView, TurnView } from '../../src-preload/contract.ts';
import type { Track } from '../../src-preload/recording-path.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { TurnScript } from '../talk/turn-script.tsx';
import { PaneBack } from '../ui/panes.tsx';
import { type Erasable, EraseDialog, erasureNews } from './erase-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { PlayButton, Player } from './player.tsx';
import { SessionHead } from './session-head.tsx';
import { TurnInspector } from './turn-inspector.tsx';
import { usePlayer } from './use-player.ts';

interface SessionScriptProps {
  readonly sessionId: string;
  /** The turn to begin with, if not the first. */
  readonly turnId: string | null;
  readonly onBack: () => void;
  readonly onDeleted: (report: ErasureReport) => void;
}

const NO_TURNS: readonly TurnView[] = [];

export function SessionScript({ sessionId, turnId, onBack, onDeleted }: SessionScriptProps) {
  const { bridge, playback, store } = useServices();
  const [session, setSession] = useState<SessionView | null>(null);
  const [turns, setTurns] = useState(NO_TURNS);
  const [fault, setFault] = useState<FaultView | null>(null);
  const [news, setNews] = useState('');
  const [erasing, setErasing] = useState<Erasable | null>(null);
  const [exporting, setExporting] = useState(false);
  const [inspected, setInspected] = useState<string | null>(null);
  const script = useRef<HTMLElement>(null);
  const player = usePlayer(turns);

  const read = useCallback(async () => {
    try {
      const found = await bridge.invoke('sessions.get', { sessionId });
      setSession(found.session);
      setTurns(found.turns);
    } catch (thrown) {
      setFault(faultOf(thrown));
    }
  }, [bridge, sessionId]);
  useEffect(() => void read(), [read]);

  useEffect(() => {
    if (!turnId || turns.length === 0) return;
    const element = script.current?.querySelector(`[data-turn="${CSS.escape(turnId)}"]`);
    element?.scrollIntoView({ block: 'center' });
  }, [turnId, turns]);

  const retry = useCallback(
    async (retried: string) => {
      void playback.wake();
      try {
        await bridge.invoke('talk.retry', { turnId: retried });
        store.setState({ screen: 'talk' });
      } catch (thrown) {
        setFault(faultOf(thrown));
      }
    },
    [bridge, playback, store],
  );
  const erased = (report: ErasureReport) => {
    const removed = erasing && 'sessionId' in erasing;
    setErasing(null);
    if (removed) return onDeleted(report);
    setNews(erasureNews(report));
    void read();
  };

  const recording = (turn: TurnView, track: Track) => {
    const durationMs = track === 'user' ? turn.user.audioMs : turn.reply.audioMs;
    return <PlayButton piece={{ turnId: turn.id, track, durationMs }} player={player} />;
  };
  const sentAgain = useMemo(() => new Set(turns.map((turn) => turn.retryOf)), [turns]);
  const inspectedTurn = turns.find(({ id }) => id === inspected);
  return (
    <div className="session" data-inspecting={inspectedTurn !== undefined}>
      <div className="session-main">
        <PaneBack onBack={onBack}>{words.history.back}</PaneBack>
        {fault && (
          <p className="panes-error" role="status">
            {sentence(fault.message)} {sentence(fault.hint)}
          </p>
        )}
        {session && (
          <SessionHead
            session={session}
            turns={turns}
            onExport={() => setExporting(true)}
            onDelete={() => setErasing({ sessionId })}
          />
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <section ref={script} className="session-turns" aria-label={words.talk.log} tabIndex={0}>
          <p className="session-news" role="status">
            {news}
          </p>
          <div className="session-script">
            {turns.map((turn) => (
              <div key={turn.id} className="session-turn" data-turn={turn.id} data-found={turn.id === turnId}>
                <TurnScript
                  turn={turn}
                  sentAgain={sentAgain.has(turn.id)}
                  onRetry={(retried) => void retry(retried)}
                  recording={recording}
                />
                <p className="session-turn-actions">
                  <button
                    type="button"
                    className="button button-quiet"
                    aria-expanded={turn.id === inspected}
                    onClick={() => setInspected(turn.id === inspected ? null : turn.id)}
                  >
                    {words.history.inspect.open}
                  </button>
                  {turn.user.audioMs > 0 && (
                    <button
                      type="button"
                      className="button button-quiet"
                      onClick={() => store.setState({ screen: 'lab', labTurnId: turn.id })}
                    >
                      {words.history.openInLab}
                    </button>
                  )}
                  <button type="button" className="button button-quiet" onClick={() => setErasing({ turnId: turn.id })}>
                    {words.history.erase.redact}
                  </button>
                </p>
              </div>
            ))}
          </div>
        </section>
        <Player player={player} />
      </div>
      {inspectedTurn && (
        <TurnInspector key={inspectedTurn.id} turn={inspectedTurn} onClose={() => setInspected(null)} />
      )}
      {erasing && <EraseDialog what={erasing} onErased={erased} onClose={() => setErasing(null)} />}
      {exporting && <ExportDialog sessionId={sessionId} onClose={() => setExporting(false)} />}
    </div>
  );
}
