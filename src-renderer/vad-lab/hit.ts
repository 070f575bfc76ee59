/** What lies under the pointer in the row of labels: an edge to drag, a label, or free room. */
import type { Label, LabelEdge } from './label-editing.ts';
import { firstAfter } from './spans.ts';
import { msAt, type TimeAxis, xAt } from './time-axis.ts';

export type LabelHit =
  | { readonly type: 'edge'; readonly index: number; readonly edge: LabelEdge }
  | { readonly type: 'label'; readonly index: number }
  | { readonly type: 'free' };

/** How near an edge the pointer takes hold of it, in pixels. */
const REACH = 5;

export function labelHit(labels: readonly Label[], axis: TimeAxis, x: number): LabelHit {
  const reachMs = REACH * axis.msPerPixel;
  let nearest: LabelHit = { type: 'free' };
  let distance = REACH;
  for (let index = firstAfter(labels, msAt(axis, x) - reachMs); index < labels.length; index++) {
    const { startMs, endMs } = labels[index] as Label;
    const [start, end] = [xAt(axis, startMs), xAt(axis, endMs)];
    if (start > x + REACH) break;
    if (nearest.type === 'free' && x >= start && x < end) nearest = { type: 'label', index };
    const edges = [
      ['start', start],
      ['end', end],
    ] as const;
    for (const [edge, at] of edges) {
      const apart = Math.abs(x - at);
      // Of two edges at one place, the one on the pointer's side.
      if (apart > distance || (apart === distance && x < at)) continue;
      distance = apart;
      nearest = { type: 'edge', index, edge };
    }
  }
  return nearest;
}
