/** What of a recording is in sight, as one value that every row is drawn by: time at the left edge, and time per pixel. */

export interface TimeAxis {
  readonly startMs: number;
  readonly msPerPixel: number;
}

/** What an axis must stay within. */
export interface Extent {
  readonly durationMs: number;
  /** Of the rows, in CSS pixels. */
  readonly width: number;
}

/** A sample of 16 kHz is then three pixels wide. */
const CLOSEST_MS_PER_PIXEL = 0.02;
/** Share of the width kept free beside what is revealed. */
const MARGIN = 0.1;

export function wholeAxis({ durationMs, width }: Extent): TimeAxis {
  return { startMs: 0, msPerPixel: Math.max(durationMs, 1) / Math.max(width, 1) };
}

export function xAt(axis: TimeAxis, ms: number): number {
  return (ms - axis.startMs) / axis.msPerPixel;
}

export function msAt(axis: TimeAxis, x: number): number {
  return axis.startMs + x * axis.msPerPixel;
}

/** @param factor over 1 shows more detail @param x the pixel whose time stays where it is */
export function zoomed(axis: TimeAxis, factor: number, x: number, extent: Extent): TimeAxis {
  const farthest = wholeAxis(extent).msPerPixel;
  const msPerPixel = Math.min(farthest, Math.max(CLOSEST_MS_PER_PIXEL, axis.msPerPixel / factor));
  return within({ startMs: msAt(axis, x) - x * msPerPixel, msPerPixel }, extent);
}

export function scrolled(axis: TimeAxis, pixels: number, extent: Extent): TimeAxis {
  return within({ ...axis, startMs: axis.startMs + pixels * axis.msPerPixel }, extent);
}

/** The same detail at another place. */
export function centredOn(axis: TimeAxis, ms: number, extent: Extent): TimeAxis {
  return within({ ...axis, startMs: ms - (extent.width * axis.msPerPixel) / 2 }, extent);
}

/** Moves as little as brings the stretch into sight, and shows less detail only where it would not fit. */
export function revealing(axis: TimeAxis, startMs: number, endMs: number, extent: Extent): TimeAxis {
  const needed = (endMs - startMs) / (extent.width * (1 - 2 * MARGIN));
  const msPerPixel = Math.min(Math.max(axis.msPerPixel, needed), wholeAxis(extent).msPerPixel);
  const margin = extent.width * MARGIN * msPerPixel;
  const earliest = endMs + margin - extent.width * msPerPixel;
  const latest = startMs - margin;
  const seen = axis.startMs <= startMs && msAt(axis, extent.width) >= endMs;
  const start = seen ? axis.startMs : axis.startMs > latest ? latest : Math.max(axis.startMs, earliest);
  return within({ startMs: start, msPerPixel }, extent);
}

/** Fits the stretch to the width. */
export function showing(startMs: number, endMs: number, extent: Extent): TimeAxis {
  const msPerPixel = Math.max(CLOSEST_MS_PER_PIXEL, (endMs - startMs) / (extent.width * (1 - 2 * MARGIN)));
  const axis = { startMs: 0, msPerPixel: Math.min(msPerPixel, wholeAxis(extent).msPerPixel) };
  return centredOn(axis, (startMs + endMs) / 2, extent);
}

/** After the width has changed: the same place with the same detail, as far as that is possible. */
export function within(axis: TimeAxis, extent: Extent): TimeAxis {
  const msPerPixel = Math.min(axis.msPerPixel, wholeAxis(extent).msPerPixel);
  const latest = extent.durationMs - extent.width * msPerPixel;
  return { startMs: Math.max(0, Math.min(axis.startMs, latest)), msPerPixel };
}

/** Steps that a clock knows, in milliseconds. */
const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000,
];
/** Room for the time that is written beside a tick. */
const TICK_PIXELS = 84;

export interface Ticks {
  readonly stepMs: number;
  /** In sight, the one before it included: its time may reach in. */
  readonly at: readonly number[];
}

export function ticksOf(axis: TimeAxis, width: number): Ticks {
  const stepMs = STEPS.find((step) => step / axis.msPerPixel >= TICK_PIXELS) ?? 7_200_000;
  const first = Math.floor(axis.startMs / stepMs);
  const last = Math.floor(msAt(axis, width) / stepMs);
  return { stepMs, at: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * stepMs) };
}
