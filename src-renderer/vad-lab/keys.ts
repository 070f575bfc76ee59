/** The keys of the lab: heard wherever the focus is on its screen, except where something is written or chosen. */
import type { Lab } from './lab.ts';
import type { Hearing } from './lab-state.ts';
import { addLabel, goToLabel, nudgeLabel } from './label-actions.ts';
import { goToPlace, labelPlace } from './places.ts';
import { revealing, wholeAxis, xAt, zoomed } from './time-axis.ts';

const CONTENT = '#content';
const WRITTEN_IN = 'input:not([type=range]), textarea, select, dialog';
const OWN_ARROWS = '[role=slider], [role=tab], input[type=range], .panes-row';
const PRESSED = 'button, a[href], summary, input';
const HEARINGS: readonly Hearing[] = ['all', 'kept', 'cut'];
/** How far an arrow moves the playhead, in pixels. */
const STEP = 8;
/** How far a key moves a label's boundary. */
const NUDGE_MS = 10;

type Action = (lab: Lab) => void;

const ACTIONS: Record<string, Action> = {
  '+': (lab) => zoom(lab, 1.5),
  '=': (lab) => zoom(lab, 1.5),
  '-': (lab) => zoom(lab, 1 / 1.5),
  '0': ({ stage }) => stage.move(wholeAxis(stage.extent)),
  l: ({ store, transport }) => {
    store.setState(({ looping }) => ({ looping: !looping }));
    transport.goOn();
  },
  h: ({ store, transport }) => {
    store.setState(({ hearing }) => ({ hearing: HEARINGS[(HEARINGS.indexOf(hearing) + 1) % 3] as Hearing }));
    transport.goOn();
  },
  Escape: (lab) => lab.select(null),
  n: addLabel,
  s: (lab) => lab.edit({ type: 'split', ms: lab.transport.positionMs }),
  m: (lab) => lab.edit({ type: 'merge' }),
  Delete: (lab) => lab.edit({ type: 'remove' }),
  Backspace: (lab) => lab.edit({ type: 'remove' }),
  '[': (lab) => goToLabel(lab, -1),
  ']': (lab) => goToLabel(lab, 1),
  j: (lab) => void goToPlace(lab, 1),
  k: (lab) => void goToPlace(lab, -1),
  y: labelPlace,
};

/** With Ctrl, or Cmd on a Mac. */
const CONTROL_ACTIONS: Record<string, Action> = {
  z: (lab) => lab.edit({ type: 'undo' }),
  'shift+z': (lab) => lab.edit({ type: 'redo' }),
  y: (lab) => lab.edit({ type: 'redo' }),
  s: (lab) => {
    const { chosenId } = lab.store.getState();
    if (chosenId !== null) void lab.attempt(() => lab.saveLabels(chosenId));
  },
};

export function zoom({ stage, transport }: Lab, factor: number): void {
  const { axis, extent } = stage;
  const x = xAt(axis, transport.positionMs);
  stage.move(zoomed(axis, factor, x >= 0 && x <= extent.width ? x : extent.width / 2, extent));
}

function step({ stage, transport }: Lab, pixels: number): void {
  transport.seek(transport.positionMs + pixels * stage.axis.msPerPixel);
  stage.move(revealing(stage.axis, transport.positionMs, transport.positionMs, stage.extent));
}

/** @returns stops listening. */
export function attachKeys(lab: Lab): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as Element;
    if (!target.closest(CONTENT) || target.closest(WRITTEN_IN)) return;
    const action = actionOf(event, target);
    if (!action) return;
    action(lab);
    event.preventDefault();
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

function actionOf(event: KeyboardEvent, target: Element): Action | undefined {
  const { altKey, ctrlKey, metaKey, shiftKey } = event;
  // Caps Lock writes capitals without Shift, and macOS small letters with it.
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (ctrlKey || metaKey) return CONTROL_ACTIONS[shiftKey ? `shift+${key}` : key];
  const arrow = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0;
  if (arrow !== 0 && altKey) return (lab) => nudgeLabel(lab, 'end', arrow * NUDGE_MS);
  if (arrow !== 0 && shiftKey) return (lab) => nudgeLabel(lab, 'start', arrow * NUDGE_MS);
  if (arrow !== 0) return target.closest(OWN_ARROWS) ? undefined : (lab) => step(lab, arrow * STEP);
  if (altKey) return undefined;
  if (key === ' ') return target.closest(PRESSED) ? undefined : ({ transport }) => transport.toggle();
  return ACTIONS[key];
}
