/** Single keys: they act while the focus is in the part they belong to, and never while something is being written. */
import type { KeyboardEvent } from 'react';

/** @param actions by `KeyboardEvent.key`, letters in lower case; what an action leaves alone gives false */
export function onKeys(actions: Readonly<Record<string, () => unknown>>): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const act = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || act() === false) return;
    event.preventDefault();
  };
}

const TAKES_KEYS = 'input:not([type=checkbox]), textarea, select, dialog, [contenteditable]';

function isWriting(target: EventTarget): boolean {
  return target instanceof Element && target.closest(TAKES_KEYS) !== null;
}
