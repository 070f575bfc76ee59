/** A list and the detail of what is chosen in it. */
import './panes.css';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useLayoutEffect } from 'react';
import { BackIcon } from './icons.tsx';

interface PaneRowProps {
  readonly title: string;
  readonly facts: ReactNode;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

export function PaneRow({ title, facts, chosen, onChoose }: PaneRowProps) {
  return (
    <button type="button" className="panes-row" aria-current={chosen ? 'true' : undefined} onClick={onChoose}>
      <span className="panes-row-title" dir="auto">
        {title}
      </span>
      <span className="panes-row-facts">{facts}</span>
    </button>
  );
}

/** Shown where list and detail have no room beside each other. */
export function PaneBack({ children, onBack }: { children: ReactNode; onBack: () => void }) {
  return (
    <button type="button" className="button button-quiet panes-back" onClick={onBack}>
      <BackIcon />
      {children}
    </button>
  );
}

/** For a list: up and down, Home and End go through it as in an editor. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const rows = rowsOf(event.currentTarget);
  const next = nextOf(rows, rows.indexOf(document.activeElement as HTMLElement), event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** @returns the row that a key leads to */
function nextOf(rows: readonly HTMLElement[], from: number, key: string): HTMLElement | undefined {
  if (from < 0) return undefined;
  if (key === 'Home') return rows[0];
  if (key === 'End') return rows.at(-1);
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  return step === 0 ? undefined : rows[from + step];
}

/** Tab stops once in a list, however long it is: at the row that had the focus last, else the chosen one, else the first. */
export function useOneTabStop(list: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const rows = rowsOf(list.current);
    stopAt(rows, rows.find(isStop) ?? rows.find((row) => row.ariaCurrent) ?? rows[0]);
  });
  useEffect(() => {
    const element = list.current;
    const onFocus = ({ target }: FocusEvent) => {
      const rows = rowsOf(element);
      if (rows.includes(target as HTMLElement)) stopAt(rows, target as HTMLElement);
    };
    element?.addEventListener('focusin', onFocus);
    return () => element?.removeEventListener('focusin', onFocus);
  }, [list]);
}

function rowsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('.panes-row') ?? [])];
}

function isStop(row: HTMLElement): boolean {
  return row.getAttribute('tabindex') === '0';
}

function stopAt(rows: readonly HTMLElement[], stop: HTMLElement | undefined): void {
  for (const row of rows) row.tabIndex = row === stop ? 0 : -1;
}
