/** The answers to one question side by side: as it was first asked, and by other agents or models. */
import './answers.css';
import { useCallback, useEffect, useState } from 'react';
import type { FaultView, TurnView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { withTurn } from '../known-turns.ts';
import { useServices } from '../services.ts';
import { FaultNote } from '../ui/fault-note.tsx';
import { BackIcon } from '../ui/icons.tsx';
import { Answer } from './answer.tsx';
import { AskAgainForm, type Question } from './ask-again-form.tsx';
import { Player } from './player.tsx';
import { useEvidence } from './use-evidence.ts';
import { usePlayer } from './use-player.ts';

const { askAgain: told } = words.history;

interface AnswersProps {
  readonly turnId: string;
  readonly onBack: () => void;
  readonly onOpen: (sessionId: string, turnId: string) => void;
}

const NO_TURNS: readonly TurnView[] = [];

export function Answers({ turnId, onBack, onOpen }: AnswersProps) {
  const { bridge, playback } = useServices();
  const [turns, setTurns] = useState<readonly TurnView[] | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);
  const [asking, setAsking] = useState(false);
  const player = usePlayer(turns ?? NO_TURNS);
  const played = turns?.find(({ id }) => id === player.current?.turnId) ?? null;
  const { found: sound } = useEvidence('turns.sound', played);

  const read = useCallback(async () => {
    try {
      setTurns(await bridge.invoke('turns.alternatives', { turnId }));
    } catch (thrown) {
      setFault(faultOf(thrown));
    }
  }, [bridge, turnId]);
  useEffect(() => void read(), [read]);
  useEffect(
    () =>
      bridge.on('turn.changed', (turn) =>
        setTurns((known) => known && (known.some((one) => repeats(turn, one)) ? withTurn(known, turn) : known)),
      ),
    [bridge],
  );

  const ask = async (question: Question) => {
    setAsking(true);
    setFault(null);
    player.audio.current?.pause();
    void playback.wake();
    try {
      await bridge.invoke('turns.askAgain', { turnId, ...question });
      await read();
    } catch (thrown) {
      setFault(faultOf(thrown));
    }
    setAsking(false);
  };

  const first = turns?.[0];
  return (
    <section className="answers" aria-labelledby="answers-title">
      <header className="answers-head">
        <button type="button" className="button button-quiet" onClick={onBack}>
          <BackIcon />
          {told.back}
        </button>
        <h3 className="answers-title" id="answers-title">
          {told.title}
        </h3>
        {first && <AskAgainForm original={first} asking={asking} onAsk={(question) => void ask(question)} />}
      </header>
      <FaultNote fault={fault} />
      {turns === null && !fault && <p className="panes-note">{words.history.reading}</p>}
      {turns?.length === 0 && <p className="panes-note">{told.none}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="answers-all" aria-label={told.side} tabIndex={0}>
        {turns?.map((turn, index) => (
          <Answer key={turn.id} turn={turn} first={index === 0} player={player} onOpen={onOpen} />
        ))}
      </section>
      <Player player={player} sound={sound} />
    </section>
  );
}

function repeats(turn: TurnView, known: TurnView): boolean {
  return turn.id === known.id || turn.retryOf === known.id;
}
