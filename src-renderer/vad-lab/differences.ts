/** Where segments and labels differ; kept with the segments, for every frame asks. */
import type { Segment } from './drawing/lanes.ts';
import { chosenDraft, type LabState } from './lab-state.ts';
import type { Label } from './label-editing.ts';
import { type Span, without } from './spans.ts';

export interface Differences {
  /** Labelled, and not kept. */
  readonly missed: readonly Span[];
  /** Kept, and not labelled. */
  readonly falsely: readonly Span[];
}

const NONE: Differences = { missed: [], falsely: [] };
const known = new WeakMap<readonly Segment[], { readonly labels: readonly Label[]; readonly found: Differences }>();

/** @returns none of both where nothing is labelled */
export function differences(state: LabState, segments: readonly Segment[]): Differences {
  const labels = chosenDraft(state)?.labels;
  if (!labels || labels.length === 0) return NONE;
  const before = known.get(segments);
  if (before?.labels === labels) return before.found;
  const found = { missed: without(labels, segments), falsely: without(segments, labels) };
  known.set(segments, { labels, found });
  return found;
}
