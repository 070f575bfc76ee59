/** A row of a list that can be chosen and selected: with a modifier a click selects it instead of opening it. */
import './selectable-row.css';
import type { MouseEvent, ReactNode } from 'react';
import { words } from '../i18n/words.ts';
import type { Selection } from './use-selection.ts';

interface SelectableRowProps {
  readonly id: string;
  readonly name: string;
  /** All ids of the list, as it is shown. */
  readonly order: () => readonly string[];
  readonly selection: Selection;
  /** Its place in the list. */
  readonly row?: number;
  readonly children: ReactNode;
}

export function SelectableRow({ id, name, order, selection, row, children }: SelectableRowProps) {
  const selected = selection.ids.has(id);
  const onClick = (event: MouseEvent) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) selection.extendTo(id, order());
    else selection.toggle(id);
  };
  return (
    <li className="selectable-row" data-row={row} data-id={id} data-selected={selected} onClickCapture={onClick}>
      {children}
      <input
        className="checkbox"
        type="checkbox"
        tabIndex={-1}
        aria-label={words.history.selection.select(name)}
        checked={selected}
        onChange={() => selection.toggle(id)}
      />
    </li>
  );
}

/** @returns the id of the row that has the focus; null when none has it */
export function focusedRow(): string | null {
  return document.activeElement?.closest('[data-id]')?.getAttribute('data-id') ?? null;
}
