/** Rows of stretches: segments with the moment by which they are known, where they differ from the labels, and labels. */
import type { Label } from '../label-editing.ts';
import { firstAfter, type Span } from '../spans.ts';
import { msAt, type TimeAxis, xAt } from '../time-axis.ts';
import { fitted } from './fitted.ts';
import type { Canvas } from './stage.ts';

export interface Segment extends Span {
  /** By when a live detector knows that it is over. */
  readonly decidedMs: number;
}

export interface LaneOf {
  readonly segments: readonly Segment[];
  readonly missed: readonly Span[];
  readonly falsely: readonly Span[];
  /** The lane of the settings that are being changed. */
  readonly main: boolean;
}

const DIFFERENCE_HEIGHT = 5;
const LABEL_PADDING = 6;
/** Narrower labels have no room for a word. */
const NAMED_FROM = 24;
/** Narrower segments have no room for round corners. */
const ROUNDED_FROM = 8;

export function paintLane(canvas: Canvas, { falsely, main, missed, segments }: LaneOf): void {
  const { axis, context, height, palette, width } = canvas;
  const top = 4;
  const bottom = height - DIFFERENCE_HEIGHT - 3;
  context.fillStyle = main ? palette.ink : palette['ink-3'];
  eachInSight(segments, axis, width, (x, w) => {
    if (w < ROUNDED_FROM) {
      context.fillRect(x, top, Math.max(1, w), bottom - top);
      return;
    }
    context.beginPath();
    context.roundRect(x, top, w, bottom - top, 2);
    context.fill();
  });
  context.fillStyle = palette['ink-3'];
  eachInSight(segments, axis, width, (_, __, segment) => {
    const [from, to] = [xAt(axis, segment.endMs), xAt(axis, segment.decidedMs)];
    if (to - from < 3) return;
    context.fillRect(from, (top + bottom) / 2, to - from, 1);
    context.fillRect(to, top + 2, 1, bottom - top - 4);
  });
  context.fillStyle = palette.error;
  const y = height - DIFFERENCE_HEIGHT - 1;
  eachInSight(missed, axis, width, (x, w) => context.fillRect(x, y, Math.max(1, w), DIFFERENCE_HEIGHT));
  // What is too much is hatched, so that colour alone tells nothing.
  eachInSight(falsely, axis, width, (x, w) => {
    for (let at = x; at < x + Math.max(1, w); at += 3) context.fillRect(at, y, 1, DIFFERENCE_HEIGHT);
  });
}

export function paintLabels(canvas: Canvas, labels: readonly Label[], chosen: number | null): void {
  const { axis, context, height, palette, width } = canvas;
  context.font = `11px ${palette.evidence}`;
  context.textBaseline = 'middle';
  eachInSight(labels, axis, width, (x, w, label, index) => {
    const isChosen = index === chosen;
    context.fillStyle = isChosen ? palette.ink : palette.raised;
    context.fillRect(x, 3, Math.max(1, w), height - 6);
    context.strokeStyle = isChosen ? palette.ink : palette['line-strong'];
    context.lineWidth = 1;
    if (w > 2) context.strokeRect(x + 0.5, 3.5, w - 1, height - 7);
    if (w < NAMED_FROM) return;
    const left = Math.max(x, 0) + LABEL_PADDING;
    const text = fitted(context, label.text, Math.min(x + w, width) - LABEL_PADDING - left);
    context.fillStyle = isChosen ? palette.paper : palette['ink-2'];
    context.fillText(text, left, height / 2 + 0.5);
  });
}

function eachInSight<S extends Span>(
  spans: readonly S[],
  axis: TimeAxis,
  width: number,
  visit: (x: number, width: number, span: S, index: number) => void,
): void {
  const end = msAt(axis, width);
  for (let i = firstAfter(spans, axis.startMs); i < spans.length; i++) {
    const span = spans[i] as S;
    if (span.startMs >= end) break;
    const x = xAt(axis, span.startMs);
    visit(x, xAt(axis, span.endMs) - x, span, i);
  }
}
