/** What the model hears, from 0 at the foot to 1 at the head of the row, and what the thresholds make of it. */
import { firstAfter, type Span } from '../spans.ts';
import { msAt, xAt } from '../time-axis.ts';
import type { Canvas } from './stage.ts';

const WINDOW_MS = 32;
/** Kept free at head and foot, so that 0 and 1 are lines too. */
export const INSET = 6;

export interface ProbabilityOf {
  readonly probabilities: Float32Array;
  readonly threshold: number;
  readonly negativeThreshold: number;
  readonly kept: readonly Span[];
}

function probabilityY(probability: number, height: number): number {
  return height - INSET - probability * (height - 2 * INSET);
}

export function probabilityAt(y: number, height: number): number {
  return Math.max(0, Math.min(1, (height - INSET - y) / (height - 2 * INSET)));
}

export function paintProbability(canvas: Canvas, of: ProbabilityOf): void {
  const { context, height, palette, width } = canvas;
  const y = (probability: number) => probabilityY(probability, height);
  paintKept(canvas, of.kept);
  // Between the thresholds the model is undecided.
  context.fillStyle = palette.line;
  context.globalAlpha = 0.6;
  context.fillRect(0, y(of.threshold), width, y(of.negativeThreshold) - y(of.threshold));
  context.globalAlpha = 1;
  for (const at of [0, 0.5, 1]) {
    context.fillStyle = palette.line;
    context.fillRect(0, Math.round(y(at)), width, 1);
  }
  paintCurve(canvas, of);
}

function paintKept({ axis, context, height, palette, width }: Canvas, kept: readonly Span[]): void {
  context.fillStyle = palette.sunk;
  const end = msAt(axis, width);
  for (let i = firstAfter(kept, axis.startMs); i < kept.length; i++) {
    const { endMs, startMs } = kept[i] as Span;
    if (startMs >= end) break;
    const x = xAt(axis, startMs);
    context.fillRect(x, 0, Math.max(1, xAt(axis, endMs) - x), height);
  }
}

function paintCurve({ axis, context, height, palette, width }: Canvas, { probabilities }: ProbabilityOf): void {
  const windowsPerPixel = axis.msPerPixel / WINDOW_MS;
  if (windowsPerPixel < 1) {
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.25;
    context.lineJoin = 'round';
    context.beginPath();
    const first = Math.max(0, Math.floor(axis.startMs / WINDOW_MS) - 1);
    const last = Math.min(probabilities.length - 1, Math.ceil(msAt(axis, width) / WINDOW_MS) + 1);
    for (let i = first; i <= last; i++) {
      const x = xAt(axis, (i + 0.5) * WINDOW_MS);
      context.lineTo(x, probabilityY(probabilities[i] as number, height));
    }
    context.stroke();
    return;
  }
  // Several windows in a pixel: a column from the lowest to the highest of them, and of the one before, so that they meet.
  context.fillStyle = palette['ink-2'];
  for (let x = 0; x < width; x++) {
    const from = Math.max(0, Math.floor(msAt(axis, x) / WINDOW_MS) - 1);
    const end = Math.min(probabilities.length, Math.floor(msAt(axis, x + 1) / WINDOW_MS));
    let low = 1;
    let high = 0;
    for (let i = from; i < end; i++) {
      low = Math.min(low, probabilities[i] as number);
      high = Math.max(high, probabilities[i] as number);
    }
    if (low > high) continue;
    const top = probabilityY(high, height);
    context.fillRect(x, top, 1, Math.max(1, probabilityY(low, height) - top));
  }
}
