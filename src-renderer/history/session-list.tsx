/** The sessions by day, newest first. Only those in sight are in the page; older ones are read as the list is gone through. */
import './session-list.css';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import type { SessionView } from '../../src-preload/contract.ts';
import { formatDay, formatTime } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { PaneRow, useOneTabStop } from '../ui/panes.tsx';
import { SelectableRow } from './selectable-row.tsx';
import type { Selection } from './use-selection.ts';
import { useWindowing } from './windowing.ts';

/** In rem, as session-list.css has them. */
const DAY_HEIGHT = 2.5;
const SESSION_HEIGHT = 3.5;

type Row = { readonly day: string } | { readonly session: SessionView };

interface SessionListProps {
  readonly sessions: readonly SessionView[];
  readonly chosen: string | null;
  readonly selection: Selection;
  readonly onChoose: (sessionId: string) => void;
  /** The end of what is known is near. */
  readonly onEnd: () => void;
}

export function SessionList({ sessions, chosen, selection, onChoose, onEnd }: SessionListProps) {
  const viewport = useRef<HTMLElement>(null);
  const rows = useMemo(() => rowsOf(sessions, Date.now()), [sessions]);
  const heights = useMemo(() => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    return rows.map((row) => rem * ('day' in row ? DAY_HEIGHT : SESSION_HEIGHT));
  }, [rows]);
  const { first, end, before, total, onScroll, reveal } = useWindowing(viewport, heights);

  useOneTabStop(viewport);

  useEffect(() => {
    if (end === rows.length) onEnd();
  }, [end, rows.length, onEnd]);

  const goTo = (index: number) => {
    reveal(index);
    onScroll();
    requestAnimationFrame(() =>
      viewport.current?.querySelector<HTMLElement>(`[data-row="${index}"] .panes-row`)?.focus(),
    );
  };
  const order = () => sessions.map(({ id }) => id);
  const onKeyDown = (event: KeyboardEvent) => {
    const row = document.activeElement?.closest('[data-row]');
    const from = Number(row?.getAttribute('data-row'));
    const next = row ? nextRow(rows, from, event.key) : null;
    if (next === null) return;
    event.preventDefault();
    if (event.shiftKey) {
      selection.extendTo(sessionAt(rows, from), order());
      selection.extendTo(sessionAt(rows, next), order());
    }
    goTo(next);
  };

  return (
    <nav ref={viewport} className="session-list" aria-label={words.history.sessions} {...{ onScroll, onKeyDown }}>
      {/* Its height never depends on the rows: while they change, the place in the list must not. */}
      <div className="session-list-all" style={{ height: total }}>
        <ul style={{ top: before }}>
          {rows.slice(first, end).map((row, index) =>
            'day' in row ? (
              <li key={row.day}>
                <h3 className="panes-heading session-list-day">{row.day}</h3>
              </li>
            ) : (
              <SelectableRow
                key={row.session.id}
                id={row.session.id}
                name={row.session.title || words.history.untitled}
                row={first + index}
                order={order}
                selection={selection}
              >
                <PaneRow
                  title={row.session.title || words.history.untitled}
                  facts={
                    <span className="evidence">
                      {formatTime(row.session.startedAt)} · {words.history.turns(row.session.turnCount)}
                    </span>
                  }
                  chosen={row.session.id === chosen}
                  onChoose={() => onChoose(row.session.id)}
                />
              </SelectableRow>
            ),
          )}
        </ul>
      </div>
    </nav>
  );
}

function rowsOf(sessions: readonly SessionView[], now: number): Row[] {
  const rows: Row[] = [];
  let dayBefore = '';
  for (const session of sessions) {
    // Far cheaper to compare than a day is to write out.
    const day = new Date(session.startedAt).toDateString();
    if (day !== dayBefore) rows.push({ day: formatDay(session.startedAt, now) });
    rows.push({ session });
    dayBefore = day;
  }
  return rows;
}

function sessionAt(rows: readonly Row[], index: number): string {
  const row = rows[index];
  return row && 'session' in row ? row.session.id : '';
}

/** @returns the session that a key leads to, null when it leads nowhere */
function nextRow(rows: readonly Row[], from: number, key: string): number | null {
  const isSession = (row: Row) => 'session' in row;
  if (key === 'Home') return rows.findIndex(isSession);
  if (key === 'End') return rows.findLastIndex(isSession);
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return null;
  for (let row = from + step; row >= 0 && row < rows.length; row += step) {
    if ('session' in (rows[row] as Row)) return row;
  }
  return null;
}
