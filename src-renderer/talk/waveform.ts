/** Draws levels as bars that move through a canvas, outside React; with reduced motion as one still row that fills. */
import { type Levels, meterHeight } from '../audio/levels.ts';

const BAR = 3;
const STEP = 5;
/** 60 ms of sound make one bar. */
const PEAKS_PER_BAR = 3;
const SHORTEST = 2;
const STILL_INTERVAL_MS = 125;

/** @returns stops drawing. */
export function drawWaveform(canvas: HTMLCanvasElement, levels: Levels): () => void {
  const context = canvas.getContext('2d');
  if (!context) return () => undefined;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const start = levels.count;
  let shown = start;
  let last = 0;
  let request = requestAnimationFrame(frame);

  function frame(now: number) {
    request = requestAnimationFrame(frame);
    if (still && now - last < STILL_INTERVAL_MS) return;
    // Peaks arrive in bursts; the picture moves evenly, at their mean rate, and never more than 100 ms behind.
    shown = Math.max(Math.min(levels.count, shown + Math.min(now - last, 100) / 20), levels.count - 5);
    last = now;
    const { width, height } = matchPixels(canvas);
    if (!context || width === 0) return;
    context.clearRect(0, 0, width, height);
    context.fillStyle = getComputedStyle(canvas).color;
    if (still) drawStill(context, width, height, meterHeight(levels.at(levels.count - 1)));
    else drawMoving(context, width, height, levels, start, shown);
  }

  return () => {
    cancelAnimationFrame(request);
    context.clearRect(0, 0, canvas.width, canvas.height);
  };
}

function drawMoving(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  levels: Levels,
  start: number,
  shown: number,
) {
  const newest = Math.floor(shown / PEAKS_PER_BAR);
  const offset = (shown / PEAKS_PER_BAR - newest) * STEP;
  for (let back = 0; back * STEP < width + STEP; back++) {
    const first = (newest - back) * PEAKS_PER_BAR;
    let peak = 0;
    for (let i = 0; i < PEAKS_PER_BAR; i++) {
      if (first + i >= start) peak = Math.max(peak, meterHeight(levels.at(first + i)));
    }
    bar(context, width - BAR - back * STEP - offset, height, peak);
  }
}

function drawStill(context: CanvasRenderingContext2D, width: number, height: number, level: number) {
  const bars = Math.floor(width / STEP);
  for (let i = 0; i < bars; i++) bar(context, i * STEP, height, i < level * bars ? 0.5 : 0);
}

function bar(context: CanvasRenderingContext2D, x: number, height: number, level: number) {
  const length = Math.max(SHORTEST, level * height);
  context.beginPath();
  context.roundRect(x, (height - length) / 2, BAR, length, BAR / 2);
  context.fill();
}

/** Matches the canvas's pixels to the screen's. @returns its size in CSS pixels. */
function matchPixels(canvas: HTMLCanvasElement): { width: number; height: number } {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio;
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.getContext('2d')?.scale(scale, scale);
  }
  return { width, height };
}
