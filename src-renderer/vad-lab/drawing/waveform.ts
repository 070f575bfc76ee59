/** The outline of the sound: what the segments keep in ink, what they would cut in grey. */
import { type Extremes, extremesOf, levelFor, type PeakLevel } from '../peaks.ts';
import type { Sound } from '../sound.ts';
import { firstAfter, type Span } from '../spans.ts';
import { msAt, type TimeAxis, xAt } from '../time-axis.ts';
import type { Canvas } from './stage.ts';

export interface WaveformOf {
  readonly sampleRate: number;
  readonly levels: readonly PeakLevel[];
  readonly gain: number;
  /** null while it is still being recorded. */
  readonly sound: Sound | null;
  readonly kept: readonly Span[];
  /** Called when samples that were missing have come. */
  readonly arrived: () => void;
}

/** Nearer than this a line through the samples is drawn. */
const LINE_BELOW = 2;

export function paintWaveform(canvas: Canvas, of: WaveformOf): void {
  const { axis, context, height, palette, width } = canvas;
  const samplesPerPixel = (axis.msPerPixel * of.sampleRate) / 1000;
  context.fillStyle = palette.line;
  context.fillRect(0, Math.round(height / 2), width, 1);
  const columns = columnsOf(axis, width, samplesPerPixel, of);
  if (!columns) return;
  const half = (height / 2) * of.gain;
  const clip = (value: number) => Math.max(0, Math.min(height, value));
  const { kept } = of;
  let next = firstAfter(kept, axis.startMs);
  let inKept: boolean | null = null;
  for (let x = 0; x < width; x++) {
    const ms = msAt(axis, x + 0.5);
    while (next < kept.length && (kept[next] as Span).endMs <= ms) next++;
    const isKept = next < kept.length && (kept[next] as Span).startMs <= ms;
    if (isKept !== inKept) context.fillStyle = palette[isKept ? 'ink' : 'line-strong'];
    inKept = isKept;
    const { high, low } = columns(x);
    const top = clip(height / 2 - (high / 32_768) * half);
    const bottom = clip(height / 2 - (low / 32_768) * half);
    context.fillRect(x, top, 1, Math.max(1, bottom - top));
  }
}

/** Lowest and highest sample of a column of pixels; null while the samples are on their way. */
function columnsOf(
  axis: TimeAxis,
  width: number,
  samplesPerPixel: number,
  { arrived, levels, sampleRate, sound }: WaveformOf,
): ((x: number) => Extremes) | null {
  const found: Extremes = { low: 0, high: 0 };
  const first = (axis.startMs * sampleRate) / 1000;
  const level = levelFor(levels, samplesPerPixel) ?? (sound ? null : (levels[0] ?? null));
  if (level) {
    return (x) => {
      extremesOf(level, first + x * samplesPerPixel, first + (x + 1) * samplesPerPixel, found);
      return found;
    };
  }
  const from = Math.max(0, Math.floor(first) - 1);
  const samples = sound?.peek(from, Math.ceil(first + width * samplesPerPixel) + 2, arrived);
  if (!samples) return null;
  const at = (position: number) => {
    const index = Math.floor(position);
    const here = samples[index] ?? 0;
    return here + ((samples[index + 1] ?? here) - here) * (position - index);
  };
  return (x) => {
    const start = first + x * samplesPerPixel - from;
    const end = start + samplesPerPixel;
    let low = Math.min(at(start), at(end));
    let high = Math.max(at(start), at(end));
    if (samplesPerPixel >= LINE_BELOW) {
      for (let i = Math.ceil(start); i < end; i++) {
        const sample = samples[i] ?? 0;
        low = Math.min(low, sample);
        high = Math.max(high, sample);
      }
    }
    found.low = low;
    found.high = high;
    return found;
  };
}

/** The whole recording in one picture, whatever is in sight. */
export function paintOverview({ context, height, palette, width }: Canvas, of: WaveformOf, samples: number): void {
  const perPixel = samples / Math.max(1, width);
  const level = levelFor(of.levels, perPixel) ?? of.levels[0];
  if (!level) return;
  const found: Extremes = { low: 0, high: 0 };
  const half = (height / 2) * of.gain;
  context.fillStyle = palette['line-strong'];
  for (let x = 0; x < width; x++) {
    extremesOf(level, x * perPixel, (x + 1) * perPixel, found);
    const top = Math.max(0, height / 2 - (found.high / 32_768) * half);
    const bottom = Math.min(height, height / 2 - (found.low / 32_768) * half);
    context.fillRect(x, top, 1, Math.max(1, bottom - top));
  }
  context.fillStyle = palette.ink;
  const axis = { startMs: 0, msPerPixel: (samples * 1000) / of.sampleRate / Math.max(1, width) };
  for (const { endMs, startMs } of of.kept) {
    const x = xAt(axis, startMs);
    context.fillRect(x, height - 2, Math.max(0.5, xAt(axis, endMs) - x), 2);
  }
}
