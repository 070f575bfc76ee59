/** What buttons and keys do to labels besides the edits themselves: where to, and what is shown and said of it. */
import { labWords } from '../i18n/vad-lab-words.ts';
import type { Lab } from './lab.ts';
import { chosenDraft } from './lab-state.ts';
import type { LabelEdge } from './label-editing.ts';
import { firstAfter } from './spans.ts';
import { revealing } from './time-axis.ts';

/** Of a label that is made where nothing is selected. */
const NEW_LABEL_MS = 500;

/** Labels what is selected, or a little from the playhead on. */
export function addLabel(lab: Lab): void {
  const { selection } = lab.store.getState();
  const startMs = lab.transport.positionMs;
  lab.edit({ type: 'add', ...(selection ?? { startMs, endMs: startMs + NEW_LABEL_MS }) });
  lab.select(null);
}

/** Chooses the next label, or the one before, from where the playhead is if none is chosen. */
export function goToLabel(lab: Lab, step: 1 | -1): void {
  const draft = chosenDraft(lab.store.getState());
  if (!draft || draft.labels.length === 0) return;
  const here = firstAfter(draft.labels, lab.transport.positionMs);
  const index = draft.chosen === null ? (step > 0 ? here : here - 1) : draft.chosen + step;
  chooseLabel(lab, Math.max(0, Math.min(draft.labels.length - 1, index)));
}

function chooseLabel(lab: Lab, index: number): void {
  lab.edit({ type: 'choose', index });
  const label = chosenDraft(lab.store.getState())?.labels[index];
  if (!label) return;
  lab.transport.seek(label.startMs);
  const { axis, extent } = lab.stage;
  lab.stage.move(revealing(axis, label.startMs, label.endMs, extent));
}

export function nudgeLabel(lab: Lab, edge: LabelEdge, byMs: number): void {
  const draft = chosenDraft(lab.store.getState());
  const label = draft?.chosen == null ? null : draft.labels[draft.chosen];
  if (!label || draft?.chosen == null) return;
  const ms = (edge === 'start' ? label.startMs : label.endMs) + byMs;
  lab.edit({ type: 'move', index: draft.chosen, edge, ms, gesture: `nudge-${draft.chosen}-${edge}` });
}

/** The chosen label as it is spoken. */
export function describeChosen(lab: Lab): string {
  const draft = chosenDraft(lab.store.getState());
  const label = draft?.chosen == null ? null : draft.labels[draft.chosen];
  if (!label || draft?.chosen == null) return '';
  const { endMs, startMs, text } = label;
  return labWords.labels.announce(draft.chosen + 1, draft.labels.length, text, startMs, endMs);
}
