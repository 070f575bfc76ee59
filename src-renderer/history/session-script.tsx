/** One session as it was said: to be read, heard, inspected, proved, taken away, erased, sent and asked again. */
import { type MouseEvent, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import type { ErasureReport, FaultView, TurnView } from '../../src-preload/contract.ts';
import { placeFaults } from '../../src-preload/place-faults.ts';
import type { Track } from '../../src-preload/recording-path.ts';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { sendAgain } from '../rooms/send-again.ts';
import { useServices } from '../services.ts';
import { soundKept } from '../talk/turn-redactions.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { PaneBack } from '../ui/panes.tsx';
import { part } from '../ui/part.tsx';
import { type Erasable, EraseDialog, erasureNews } from './erase-dialog.tsx';
import { onKeys } from './keys.ts';
import { forgetOutlines } from './peaks.ts';
import { PlayButton, Player } from './player.tsx';
import { saidAt } from './said-words.ts';
import { SessionHead } from './session-head.tsx';
import type { TurnActions } from './session-turn.tsx';
import { saidIn, wordOfLetter } from './spoken.ts';
import { Troubles } from './troubles.tsx';
import { elementOf, TurnList } from './turn-list.tsx';
import { useEvidence } from './use-evidence.ts';
import { usePlayer } from './use-player.ts';
import { useSession } from './use-session.ts';
import { useSpokenWord } from './use-spoken-word.ts';
import { useVerification, VerificationReport } from './verification.tsx';

const TurnInspector = part(async () => (await import('./turn-inspector.tsx')).TurnInspector);

interface SessionScriptProps {
  readonly sessionId: string;
  /** The turn to begin with, if not the first. */
  readonly turnId: string | null;
  readonly onBack: () => void;
  readonly onExport: () => void;
  readonly onAskAgain: (turnId: string) => void;
  /** Something of it was erased. */
  readonly onErased: () => void;
  readonly onDeleted: (report: ErasureReport) => void;
}

export function SessionScript(props: SessionScriptProps) {
  const { sessionId, turnId, onBack, onExport, onAskAgain, onErased, onDeleted } = props;
  const services = useServices();
  const { bridge, store } = services;
  const { session, faults, serverRecordings, turns, fault, read } = useSession(sessionId);
  const [refused, setRefused] = useState<FaultView | null>(null);
  const [news, setNews] = useState('');
  const [erasing, setErasing] = useState<Erasable | null>(null);
  const [inspected, setInspected] = useState<string | null>(null);
  const { check, start: verify, dismiss } = useVerification(sessionId);
  const script = useRef<HTMLElement>(null);
  const latestClick = useRef<MouseEvent>(null);
  const player = usePlayer(turns);
  const { current, playFrom, playing, toggle, toggleTurn } = player;
  const played = turns.find(({ id }) => id === current?.turnId) ?? null;
  const { found: sound } = useEvidence('turns.sound', played);
  useSpokenWord({ script, player, turn: played, words: sound?.words ?? null });

  const actions = useMemo<TurnActions>(
    () => ({
      inspect: (id) => setInspected((now) => (now === id ? null : id)),
      redact: (id) => setErasing({ turnId: id }),
      askAgain: onAskAgain,
      openInLab: (id) => store.setState({ screen: 'lab', labTurnId: id }),
      play: toggleTurn,
      retry: (id) => {
        sendAgain(services, id)
          .then(() => store.setState({ screen: 'talk' }))
          .catch((thrown) => setRefused(faultOf(thrown)));
      },
    }),
    [onAskAgain, services, store, toggleTurn],
  );

  const recording = useCallback(
    (turn: TurnView, track: Track) => {
      if (!soundKept(turn)) return null;
      const durationMs = track === 'user' ? turn.user.audioMs : turn.reply.audioMs;
      return <PlayButton piece={{ turnId: turn.id, track, durationMs }} player={{ current, playing, toggle }} />;
    },
    [current, playing, toggle],
  );

  /** A word that is clicked is heard from there on. */
  const hearWord = async (event: MouseEvent) => {
    const place = getSelection()?.isCollapsed === false ? null : saidAt(event.nativeEvent);
    const turn = place && turns.find(({ id }) => id === place.turnId);
    if (!turn || !soundKept(turn)) return;
    latestClick.current = event;
    const { words: times } = await bridge.invoke('turns.sound', { turnId: turn.id });
    // Answers may come in another order than clicks.
    if (latestClick.current !== event) return;
    const word = wordOfLetter(saidIn(turn, place.track), times[place.track], place.letter);
    if (word) playFrom(turn.id, place.track, word.startMs);
  };

  const erased = (report: ErasureReport) => {
    const removed = erasing && 'sessionIds' in erasing;
    setErasing(null);
    forgetOutlines();
    if (removed) return onDeleted(report);
    setNews(erasureNews(report));
    read();
    onErased();
  };
  const remove = () => setErasing({ sessionIds: [sessionId] });

  const troubles = useMemo(() => placeFaults(faults, turns), [faults, turns]);
  const sentAgain = useMemo(() => new Set(turns.map((turn) => turn.retryOf)), [turns]);
  const inspectedTurn = turns.find(({ id }) => id === inspected);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys act wherever the focus is in it
    <div
      className="session"
      data-inspecting={inspectedTurn !== undefined}
      onKeyDown={onKeys({ v: () => verify(), e: onExport, Delete: remove })}
    >
      <div className="session-main">
        <PaneBack onBack={onBack}>{words.history.back}</PaneBack>
        <FaultNote fault={fault ?? refused} />
        {session && (
          <SessionHead
            session={session}
            turns={turns}
            serverRecordings={serverRecordings}
            verifying={check.state === 'running'}
            onVerify={() => verify()}
            onExport={onExport}
            onDelete={remove}
          >
            <VerificationReport check={check} onDismiss={dismiss} />
          </SessionHead>
        )}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: by keys, the player's slider goes from word to word */}
        <section
          ref={script}
          className="session-turns"
          aria-label={words.talk.log}
          onClick={(event) => void hearWord(event).catch((thrown) => setRefused(faultOf(thrown)))}
        >
          <p className="session-news" role="status">
            {news}
          </p>
          {session && turns.length === 0 && <p className="panes-note">{words.history.noTurns}</p>}
          <div className="session-script">
            <Troubles faults={troubles.get(undefined) ?? []} />
            <TurnList
              viewport={script}
              found={turnId}
              played={current?.turnId ?? null}
              {...{ turns, inspected, sentAgain, troubles, actions, recording }}
            />
          </div>
        </section>
        <Player player={player} sound={sound} />
      </div>
      {inspectedTurn && (
        <Suspense>
          <TurnInspector
            key={inspectedTurn.id}
            turn={inspectedTurn}
            onClose={() => {
              setInspected(null);
              // In a narrow window it is shown again only then.
              requestAnimationFrame(() => elementOf(script.current, inspectedTurn.id)?.focus());
            }}
          />
        </Suspense>
      )}
      {erasing && <EraseDialog what={erasing} onErased={erased} onClose={() => setErasing(null)} />}
    </div>
  );
}
