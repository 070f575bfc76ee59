/** The spectrum over time, in tiles that are made when they come into sight, a few columns with each frame. */
import type { Sound } from '../sound.ts';
import { msAt, xAt } from '../time-axis.ts';
import { Spectrum } from './spectrum.ts';
import type { Canvas } from './stage.ts';

/** Columns of a tile. */
const COLUMNS = 256;
const KEPT_TILES = 48;
/** Of them, made between two looks at the clock. */
const STRIP = 16;
/** Longest work in one frame. */
const BUDGET_MS = 4;
/** Between them, ink gets darker. */
const QUIETEST_DB = -95;
const LOUDEST_DB = -25;
/** Of what a column shows: 32 ms. */
const WINDOW_SECONDS = 0.032;
export const FARTHEST_MS_PER_PIXEL = 64;

interface Tile {
  readonly canvas: OffscreenCanvas;
  /** How many are made, from the left. */
  columns: number;
}

export class Spectrogram {
  readonly #sound: Sound;
  readonly #changed: () => void;
  readonly #spectrum: Spectrum;
  readonly #decibels: Float32Array;
  readonly #strip: ImageData;
  readonly #tiles = new Map<string, Tile>();
  #ink = '';

  /** @param changed more of it can be painted */
  constructor(sound: Sound, changed: () => void) {
    this.#sound = sound;
    this.#changed = changed;
    this.#spectrum = new Spectrum(2 ** Math.ceil(Math.log2(sound.sampleRate * WINDOW_SECONDS)));
    this.#decibels = new Float32Array(this.#spectrum.size / 2);
    this.#strip = new ImageData(STRIP, this.#spectrum.size / 2);
  }

  paint({ axis, context, height, palette, width }: Canvas): void {
    if (this.#ink !== palette.ink) this.#tiles.clear();
    this.#ink = palette.ink;
    // Steps between columns are powers of two, so that zooming stretches tiles instead of making new ones.
    const stepMs = 2 ** Math.floor(Math.log2(axis.msPerPixel));
    const tileMs = stepMs * COLUMNS;
    const last = Math.floor(msAt(axis, width) / tileMs);
    const until = performance.now() + BUDGET_MS;
    let inTime = true;
    context.imageSmoothingEnabled = true;
    for (let index = Math.floor(axis.startMs / tileMs); index <= last; index++) {
      const tile = this.#tile(stepMs, index);
      while (tile.columns < COLUMNS && inTime && this.#addStrip(tile, stepMs, index))
        inTime = performance.now() < until;
      context.drawImage(tile.canvas, xAt(axis, index * tileMs), 0, tileMs / axis.msPerPixel, height);
    }
    if (!inTime) this.#changed();
  }

  #tile(stepMs: number, index: number): Tile {
    const name = `${stepMs} ${index}`;
    const known = this.#tiles.get(name);
    if (known) return known;
    const tile = { canvas: new OffscreenCanvas(COLUMNS, this.#spectrum.size / 2), columns: 0 };
    this.#tiles.set(name, tile);
    for (const oldest of this.#tiles.keys()) {
      if (this.#tiles.size <= KEPT_TILES) break;
      this.#tiles.delete(oldest);
    }
    return tile;
  }

  /** @returns false while its samples are on their way */
  #addStrip(tile: Tile, stepMs: number, index: number): boolean {
    const { size } = this.#spectrum;
    const perColumn = (stepMs * this.#sound.sampleRate) / 1000;
    const from = Math.floor((index * COLUMNS + tile.columns) * perColumn - size / 2);
    const samples = this.#sound.peek(from, Math.ceil(from + STRIP * perColumn + size), this.#changed);
    if (!samples) return false;
    const [red = 0, green = 0, blue = 0] = this.#ink.match(/[\d.]+/g)?.map(Number) ?? [];
    const { data } = this.#strip;
    for (let column = 0; column < STRIP; column++) {
      this.#spectrum.measure(samples, Math.floor(column * perColumn) + Math.min(0, from), this.#decibels);
      for (let bin = 0; bin < size / 2; bin++) {
        const share = ((this.#decibels[bin] as number) - QUIETEST_DB) / (LOUDEST_DB - QUIETEST_DB);
        const level = Math.max(0, Math.min(1, share));
        const pixel = ((size / 2 - 1 - bin) * STRIP + column) * 4;
        data[pixel] = red;
        data[pixel + 1] = green;
        data[pixel + 2] = blue;
        data[pixel + 3] = 255 * level * Math.sqrt(level);
      }
    }
    tile.canvas.getContext('2d')?.putImageData(this.#strip, tile.columns, 0);
    tile.columns += STRIP;
    return true;
  }
}
