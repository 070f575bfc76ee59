/** Labels as they are drawn by hand: every edit is a value, and all of them can be taken back. */
import { firstAfter, type Span } from './spans.ts';

export interface Label extends Span {
  readonly text: string;
}

/** Labels stay ordered, disjoint and inside the recording. */
export interface LabelDraft {
  readonly durationMs: number;
  readonly labels: readonly Label[];
  /** Index of the label that edits are about; null for none. */
  readonly chosen: number | null;
  readonly past: readonly Snapshot[];
  readonly future: readonly Snapshot[];
  /** What the file holds. */
  readonly saved: readonly Label[];
  /** The gesture that made the last snapshot: more of it needs no other. */
  readonly gesture: string | null;
}

type Snapshot = Pick<LabelDraft, 'labels' | 'chosen'>;

export type LabelEdge = 'start' | 'end';

export type LabelEdit =
  | { readonly type: 'choose'; readonly index: number | null }
  | { readonly type: 'add'; readonly startMs: number; readonly endMs: number }
  /** Moves a boundary, up to the neighbour's. Moves of the same gesture are taken back together. */
  | {
      readonly type: 'move';
      readonly index: number;
      readonly edge: LabelEdge;
      readonly ms: number;
      readonly gesture: string;
    }
  | { readonly type: 'split'; readonly ms: number }
  /** The chosen label and the next one become one. */
  | { readonly type: 'merge' }
  | { readonly type: 'remove' }
  | { readonly type: 'rename'; readonly text: string }
  /** All of them by others: ordered, disjoint, inside the recording. */
  | { readonly type: 'replace'; readonly labels: readonly Label[] }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  | { readonly type: 'saved'; readonly labels: readonly Label[] };

const SHORTEST_LABEL_MS = 10;
const REMEMBERED = 500;

export function beginDraft(labels: readonly Label[], durationMs: number): LabelDraft {
  return { durationMs, labels, chosen: null, past: [], future: [], saved: labels, gesture: null };
}

export function isUnsaved({ labels, saved }: LabelDraft): boolean {
  return labels !== saved;
}

/** @returns the same draft when the edit changes nothing */
export function editLabels(draft: LabelDraft, edit: LabelEdit): LabelDraft {
  const { labels, past, future } = draft;
  const here = { labels, chosen: draft.chosen };
  const chosen = draft.chosen === null ? null : (labels[draft.chosen] ?? null);
  switch (edit.type) {
    case 'choose':
      if (edit.index === draft.chosen || (edit.index !== null && !labels[edit.index])) return draft;
      return { ...draft, chosen: edit.index, gesture: null };
    case 'saved':
      return { ...draft, saved: edit.labels };
    case 'undo': {
      const there = past.at(-1);
      if (!there) return draft;
      return { ...draft, ...there, past: past.slice(0, -1), future: [...future, here], gesture: null };
    }
    case 'redo': {
      const there = future.at(-1);
      if (!there) return draft;
      return { ...draft, ...there, past: [...past, here], future: future.slice(0, -1), gesture: null };
    }
    case 'add':
      return added(draft, edit.startMs, edit.endMs);
    case 'move':
      return moved(draft, edit);
    case 'split':
      return splitAt(draft, edit.ms);
    case 'merge': {
      const next = draft.chosen === null ? null : labels[draft.chosen + 1];
      if (!chosen || !next || draft.chosen === null) return draft;
      const text = [chosen.text, next.text].filter(Boolean).join(' ');
      const one = { startMs: chosen.startMs, endMs: next.endMs, text };
      return changed(draft, labels.toSpliced(draft.chosen, 2, one), draft.chosen);
    }
    case 'remove': {
      if (!chosen || draft.chosen === null) return draft;
      const left = labels.toSpliced(draft.chosen, 1);
      return changed(draft, left, left.length === 0 ? null : Math.min(draft.chosen, left.length - 1));
    }
    case 'replace':
      return changed(draft, edit.labels, null);
    case 'rename':
      if (!chosen || draft.chosen === null || chosen.text === edit.text) return draft;
      return changed(draft, labels.with(draft.chosen, { ...chosen, text: edit.text }), draft.chosen);
  }
}

function changed(draft: LabelDraft, labels: readonly Label[], chosen: number | null, gesture: string | null = null) {
  const goesOn = gesture !== null && gesture === draft.gesture;
  const before = { labels: draft.labels, chosen: draft.chosen };
  const past = goesOn ? draft.past : [...draft.past.slice(-REMEMBERED + 1), before];
  return { ...draft, labels, chosen, past, future: [], gesture };
}

/** The part of the stretch that is free: a label gives way to those that are there. */
function added(draft: LabelDraft, startMs: number, endMs: number): LabelDraft {
  const { durationMs, labels } = draft;
  const index = firstAfter(labels, startMs);
  const next = labels[index];
  const start = Math.max(0, next && next.startMs <= startMs ? next.endMs : startMs);
  const place = next && next.startMs <= startMs ? index + 1 : index;
  const end = Math.min(durationMs, endMs, labels[place]?.startMs ?? durationMs);
  if (end - start < SHORTEST_LABEL_MS) return draft;
  return changed(draft, labels.toSpliced(place, 0, { startMs: start, endMs: end, text: 'speech' }), place);
}

function moved(draft: LabelDraft, { edge, gesture, index, ms }: Extract<LabelEdit, { type: 'move' }>): LabelDraft {
  const { durationMs, labels } = draft;
  const label = labels[index];
  if (!label) return draft;
  const lowest = edge === 'start' ? (labels[index - 1]?.endMs ?? 0) : label.startMs + SHORTEST_LABEL_MS;
  const highest = edge === 'start' ? label.endMs - SHORTEST_LABEL_MS : (labels[index + 1]?.startMs ?? durationMs);
  const to = Math.max(lowest, Math.min(highest, ms));
  const next = edge === 'start' ? { ...label, startMs: to } : { ...label, endMs: to };
  if (next.startMs === label.startMs && next.endMs === label.endMs) return draft;
  return changed(draft, labels.with(index, next), index, gesture);
}

function splitAt(draft: LabelDraft, ms: number): LabelDraft {
  const index = firstAfter(draft.labels, ms);
  const label = draft.labels[index];
  if (!label || ms - label.startMs < SHORTEST_LABEL_MS || label.endMs - ms < SHORTEST_LABEL_MS) return draft;
  const halves = [
    { ...label, endMs: ms },
    { ...label, startMs: ms },
  ];
  return changed(draft, draft.labels.toSpliced(index, 1, ...halves), index + 1);
}
