/**
 * The turns of a session. Of a long one only those in sight are in the page, and the one that has the focus or is
 * inspected, so that keys go on from there; when it is printed, all are.
 */
import './turn-list.css';
import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import type { LoggedFaultView, TurnView } from '../../src-preload/contract.ts';
import { SessionTurn, type SessionTurnProps } from './session-turn.tsx';
import { useMeasuredHeights } from './use-measured-heights.ts';
import { useWindowing } from './windowing.ts';

/** As many are always in the page: there, all that a page offers works across them, such as selecting their words. */
const FEW = 100;

interface TurnListProps extends Pick<SessionTurnProps, 'actions' | 'recording'> {
  /** Scrolls; keys and clicks in it are its owner's. */
  readonly viewport: RefObject<HTMLElement | null>;
  readonly turns: readonly TurnView[];
  /** The turn that was looked for: it is brought into sight. */
  readonly found: string | null;
  readonly inspected: string | null;
  /** The turn that is played: as long as it is in sight, the next one is brought there too. */
  readonly played: string | null;
  readonly sentAgain: ReadonlySet<string | null>;
  /** What went wrong in a room, by turn. */
  readonly troubles: ReadonlyMap<string | undefined, readonly LoggedFaultView[]>;
}

export function TurnList(props: TurnListProps) {
  const { actions, found, inspected, played, recording, sentAgain, troubles, turns, viewport } = props;
  const { heights, observe } = useMeasuredHeights(viewport, turns, guessedHeight);
  const windowing = useWindowing(viewport, heights);
  const { before, onScroll, reveal, total } = windowing;
  const [focused, setFocused] = useState<string | null>(null);
  const printing = usePrinting();
  const all = printing || turns.length <= FEW;
  const [first, end] = all ? [0, turns.length] : [windowing.first, windowing.end];

  useEffect(() => {
    const element = viewport.current;
    element?.addEventListener('scroll', onScroll, { passive: true });
    return () => element?.removeEventListener('scroll', onScroll);
  }, [viewport, onScroll]);

  const bring = useRef((_id: string | undefined, _then: (element: HTMLElement) => void) => {});
  bring.current = (id, then) => {
    const index = turns.findIndex((turn) => turn.id === id);
    if (id === undefined || index < 0) return;
    if (!elementOf(viewport.current, id)) {
      reveal(index);
      onScroll();
    }
    requestAnimationFrame(() => {
      const element = elementOf(viewport.current, id);
      if (element) then(element);
    });
  };

  const known = turns.length > 0;
  useLayoutEffect(() => {
    if (found && known) bring.current(found, (element) => element.scrollIntoView({ block: 'center' }));
  }, [found, known]);

  const playedBefore = useRef<string | null>(null);
  useLayoutEffect(() => {
    const last = playedBefore.current;
    playedBefore.current = played;
    if (!played || !last || last === played || !isInSight(viewport.current, last)) return;
    bring.current(played, (element) => element.scrollIntoView({ block: 'nearest' }));
  }, [viewport, played]);

  /** Up and down go from turn to turn, as long as nothing inside one has the focus. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const id = (event.target as HTMLElement).dataset.turn;
    if (id === undefined) return;
    const next = neighbour(turns, id, event.key);
    if (!next) return;
    event.preventDefault();
    bring.current(next.id, (element) => element.focus());
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) => {
    if (!currentTarget.contains(relatedTarget as Node | null)) setFocused(null);
  };

  const turnAt = (index: number) => {
    const turn = turns[index];
    return (
      turn && (
        <SessionTurn
          turn={turn}
          place={index + 1}
          of={turns.length}
          found={turn.id === found}
          inspected={turn.id === inspected}
          sentAgain={sentAgain.has(turn.id)}
          troubles={troubles.get(turn.id)}
          actions={actions}
          recording={recording}
          observe={observe}
        />
      )
    );
  };
  // The focus comes back to the turn whose inspector is closed.
  const kept = turns.findIndex(({ id }) => id === (focused ?? inspected));
  const shown = Array.from({ length: end - first }, (_, index) => first + index);
  if (kept >= 0 && kept < first) shown.unshift(kept);
  if (kept >= end) shown.push(kept);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys act on the turn that has the focus
    <div
      className="turn-list"
      style={all ? undefined : { height: total, paddingTop: before }}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => setFocused(target.closest<HTMLElement>('[data-turn]')?.dataset.turn ?? null)}
      onBlur={onBlur}
    >
      {shown.map((index) => {
        const strays = index < first || index >= end;
        return (
          <div
            key={turns[index]?.id}
            className="turn-list-row"
            data-strays={strays}
            style={strays ? { top: topOf(heights, index) } : undefined}
          >
            {turnAt(index)}
          </div>
        );
      })}
    </div>
  );
}

export function elementOf(script: HTMLElement | null, turnId: string): HTMLElement | null {
  return script?.querySelector<HTMLElement>(`[data-turn="${CSS.escape(turnId)}"]`) ?? null;
}

/** Near enough that the list's length hardly changes while it is gone through: lines of words, and what stands around them. */
function guessedHeight({ reply, user }: TurnView): number {
  const lines = (text: string) => Math.ceil(text.length / 68) * 26;
  const sounds = (user.audioMs > 0 ? 36 : 0) + (reply.audioMs > 0 ? 36 : 0);
  return 92 + lines(user.committed) + lines(reply.text) + sounds + (reply.text === '' ? 0 : 12);
}

function topOf(heights: readonly number[], index: number): number {
  return heights.slice(0, index).reduce((sum, height) => sum + height, 0);
}

function neighbour(turns: readonly TurnView[], id: string, key: string): TurnView | undefined {
  if (key === 'Home') return turns[0];
  if (key === 'End') return turns.at(-1);
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  return step === 0 ? undefined : turns[turns.findIndex((turn) => turn.id === id) + step];
}

function isInSight(viewport: HTMLElement | null, turnId: string): boolean {
  const turn = elementOf(viewport, turnId)?.getBoundingClientRect();
  const seen = viewport?.getBoundingClientRect();
  return turn !== undefined && seen !== undefined && turn.bottom > seen.top && turn.top < seen.bottom;
}

function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, []);
  return printing;
}
