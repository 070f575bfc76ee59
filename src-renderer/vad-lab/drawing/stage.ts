/**
 * The rows of the timeline as canvases that share one axis. Everything that moves (scrolling, zooming, sliders, the
 * playhead) ends in one painting per frame, outside React.
 */
import { type Extent, type TimeAxis, wholeAxis, within } from '../time-axis.ts';
import { type Palette, readPalette, watchPalette } from './palette.ts';

export interface Canvas {
  readonly context: CanvasRenderingContext2D;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly axis: TimeAxis;
  readonly palette: Palette;
}

/** Draws a row on a cleared canvas. */
export type Paint = (canvas: Canvas) => void;

export class Stage {
  #axis: TimeAxis = { startMs: 0, msPerPixel: 1 };
  #durationMs = 0;
  #width = 0;
  #request = 0;
  /** Whether the rows show something else than they should. */
  #stale = false;
  /** The time under the pointer; null while it is elsewhere. */
  #pointerMs: number | null = null;
  /** Whether the whole recording is to stay in sight when the width changes. */
  #whole = true;
  #palette: Palette | null = null;
  readonly #rows = new Map<HTMLCanvasElement, Paint>();
  readonly #listeners = new Set<() => void>();
  readonly #observer = new ResizeObserver(() => this.#resized());

  constructor() {
    watchPalette(() => {
      this.#palette = null;
      this.invalidate();
    });
  }

  get axis(): TimeAxis {
    return this.#axis;
  }

  get extent(): Extent {
    return { durationMs: this.#durationMs, width: this.#width };
  }

  get pointerMs(): number | null {
    return this.#pointerMs;
  }

  point(ms: number | null): void {
    this.#pointerMs = ms;
    this.nextFrame();
  }

  /** Begins with another recording, all of it in sight. */
  show(durationMs: number): void {
    this.#durationMs = durationMs;
    this.#whole = true;
    this.move(wholeAxis(this.extent));
  }

  /** The recording grows: what was in sight follows its end. */
  grow(durationMs: number): void {
    this.#durationMs = durationMs;
    this.move(wholeAxis(this.extent));
  }

  move(axis: TimeAxis): void {
    const fitted = within(axis, this.extent);
    if (fitted.startMs === this.#axis.startMs && fitted.msPerPixel === this.#axis.msPerPixel) return;
    this.#axis = fitted;
    this.#whole = fitted.msPerPixel === wholeAxis(this.extent).msPerPixel;
    this.invalidate();
  }

  /** @returns takes the row away. */
  addRow(canvas: HTMLCanvasElement, paint: Paint): () => void {
    this.#rows.set(canvas, paint);
    this.#observer.observe(canvas);
    this.invalidate();
    return () => {
      this.#rows.delete(canvas);
      this.#observer.unobserve(canvas);
    };
  }

  /** Called in every frame that was asked for, after the rows. @returns stops. */
  onFrame(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.invalidate();
    return () => this.#listeners.delete(listener);
  }

  /** Paints the rows with the next frame. */
  invalidate(): void {
    this.#stale = true;
    this.nextFrame();
  }

  /** Asks for a frame in which only what lies over the rows moves. */
  nextFrame(): void {
    if (this.#request === 0) this.#request = requestAnimationFrame(() => this.#frame());
  }

  #resized(): void {
    const [canvas] = this.#rows.keys();
    const width = canvas?.clientWidth ?? 0;
    if (width !== this.#width) {
      this.#width = width;
      this.move(this.#whole ? wholeAxis(this.extent) : this.#axis);
    }
    this.invalidate();
  }

  #frame(): void {
    this.#request = 0;
    const stale = this.#stale;
    // Before the painting, in which a row may ask for another.
    this.#stale = false;
    if (stale) this.#paint();
    for (const listener of this.#listeners) listener();
  }

  #paint(): void {
    this.#palette ??= readPalette();
    for (const [element, paint] of this.#rows) {
      const context = element.getContext('2d');
      const { clientHeight: height, clientWidth: width } = element;
      if (!context || width === 0) continue;
      const scale = devicePixelRatio;
      const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
      if (element.width !== w || element.height !== h) {
        element.width = w;
        element.height = h;
      }
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      paint({ context, width, height, axis: this.#axis, palette: this.#palette });
    }
  }
}
