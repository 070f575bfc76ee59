/** A list and the detail of what is chosen in it. */
import './panes.css';
import type { KeyboardEvent, ReactNode } from 'react';
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

/** For a list: up and down go through it as in an editor. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.panes-row')];
  const next = rows[rows.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
