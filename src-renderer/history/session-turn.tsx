/** A turn of a session with what can be done with it, by its buttons or, while it has the focus, by a key. */
import './session-turn.css';
import { memo, type ReactNode, type RefCallback } from 'react';
import type { LoggedFaultView, TurnView } from '../../src-preload/contract.ts';
import type { Track } from '../../src-preload/recording-path.ts';
import { formatTime } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { soundKept } from '../talk/turn-redactions.tsx';
import { TurnScript } from '../talk/turn-script.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { onKeys } from './keys.ts';
import { Troubles } from './troubles.tsx';

const { history: told } = words;

export interface TurnActions {
  inspect(turnId: string): void;
  redact(turnId: string): void;
  askAgain(turnId: string): void;
  openInLab(turnId: string): void;
  play(turnId: string): void;
  retry(turnId: string): void;
}

export interface SessionTurnProps {
  readonly turn: TurnView;
  /** Which of how many, counted from 1. */
  readonly place: number;
  readonly of: number;
  /** It was looked for. */
  readonly found: boolean;
  readonly inspected: boolean;
  readonly sentAgain: boolean;
  /** What went wrong in its room, in it or next to it. */
  readonly troubles?: readonly LoggedFaultView[] | undefined;
  readonly actions: TurnActions;
  readonly recording: (turn: TurnView, track: Track) => ReactNode;
  readonly observe: RefCallback<HTMLElement>;
}

export const SessionTurn = memo(function SessionTurn(props: SessionTurnProps) {
  const { actions, found, inspected, observe, of, place, recording, sentAgain, troubles = [], turn } = props;
  const { id } = turn;
  const over = turn.outcome !== null;
  const recorded = turn.user.audioMs > 0 && soundKept(turn);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      ref={observe}
      className="session-turn"
      role="group"
      aria-label={told.place(formatTime(turn.startedAt), place, of)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys act on the turn that has the focus
      tabIndex={0}
      data-turn={id}
      data-found={found}
      data-inspected={inspected}
      onKeyDown={onKeys({
        i: () => actions.inspect(id),
        p: () => actions.play(id),
        a: () => over && actions.askAgain(id),
        l: () => recorded && actions.openInLab(id),
        r: () => over && actions.redact(id),
      })}
    >
      <Troubles faults={troubles.filter(({ at }) => at < turn.startedAt)} />
      <TurnScript turn={turn} sentAgain={sentAgain} onRetry={actions.retry} recording={recording} />
      <p className="session-turn-actions">
        <Action name={told.inspect.open} hint="I" expanded={inspected} onClick={() => actions.inspect(id)} />
        {over && <Action name={told.askAgain.name} hint="A" onClick={() => actions.askAgain(id)} />}
        {recorded && <Action name={told.openInLab} hint="L" onClick={() => actions.openInLab(id)} />}
        {over && <Action name={told.erase.redact} hint="R" onClick={() => actions.redact(id)} />}
      </p>
      <Troubles faults={troubles.filter(({ at }) => at >= turn.startedAt)} />
    </div>
  );
});

interface ActionProps {
  readonly name: string;
  readonly hint: string;
  readonly expanded?: boolean;
  readonly onClick: () => void;
}

function Action({ name, hint, expanded, onClick }: ActionProps) {
  return (
    <button
      type="button"
      className="button button-quiet"
      aria-expanded={expanded}
      aria-keyshortcuts={hint}
      onClick={onClick}
    >
      {name}
      <KeyHint>{hint}</KeyHint>
    </button>
  );
}
