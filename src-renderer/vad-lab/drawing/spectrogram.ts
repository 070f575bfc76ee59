/** The spectrum over time, in tiles that are made when they come into sight, a few with each frame. */
import type { Sound } from '../sound.ts';
import { msAt, xAt } from '../time-axis.ts';
import { Spectrum } from './spectrum.ts';
import type { Canvas } from './stage.ts';

/** Columns of a tile. */
const COLUMNS = 256;
const KEPT_TILES = 48;
/** Longest work in one frame. */
const BUDGET_MS = 5;
/** Between them, ink gets darker. */
const QUIETEST_DB = -95;
const LOUDEST_DB = -25;
/** Of what a column shows: 32 ms. */
const WINDOW_SECONDS = 0.032;
export const FARTHEST_MS_PER_PIXEL = 64;

export class Spectrogram {
  readonly #sound: Sound;
  readonly #changed: () => void;
  readonly #spectrum: Spectrum;
  readonly #decibels: Float32Array;
  readonly #tiles = new Map<string, OffscreenCanvas>();
  #ink = '';

  /** @param changed more of it can be painted */
  constructor(sound: Sound, changed: () => void) {
    this.#sound = sound;
    this.#changed = changed;
    this.#spectrum = new Spectrum(2 ** Math.ceil(Math.log2(sound.sampleRate * WINDOW_SECONDS)));
    this.#decibels = new Float32Array(this.#spectrum.size / 2);
  }

  paint({ axis, context, height, palette, width }: Canvas): void {
    if (this.#ink !== palette.ink) this.#tiles.clear();
    this.#ink = palette.ink;
    // Steps between columns are powers of two, so that zooming stretches tiles instead of making new ones.
    const stepMs = 2 ** Math.floor(Math.log2(axis.msPerPixel));
    const tileMs = stepMs * COLUMNS;
    const last = Math.floor(msAt(axis, width) / tileMs);
    const until = performance.now() + BUDGET_MS;
    context.imageSmoothingEnabled = true;
    for (let index = Math.floor(axis.startMs / tileMs); index <= last; index++) {
      const known = this.#tiles.get(`${stepMs} ${index}`);
      if (!known && performance.now() > until) {
        this.#changed();
        break;
      }
      const tile = known ?? this.#make(stepMs, index);
      if (tile) context.drawImage(tile, xAt(axis, index * tileMs), 0, tileMs / axis.msPerPixel, height);
    }
  }

  /** @returns null while its samples are on their way */
  #make(stepMs: number, index: number): OffscreenCanvas | null {
    const { sampleRate } = this.#sound;
    const { size } = this.#spectrum;
    const perColumn = (stepMs * sampleRate) / 1000;
    const from = Math.floor(index * COLUMNS * perColumn - size / 2);
    const samples = this.#sound.peek(from, Math.ceil(from + COLUMNS * perColumn + size), this.#changed);
    if (!samples) return null;
    const tile = new OffscreenCanvas(COLUMNS, size / 2);
    const context = tile.getContext('2d');
    if (!context) return null;
    const image = context.createImageData(COLUMNS, size / 2);
    const [red = 0, green = 0, blue = 0] = this.#ink.match(/[\d.]+/g)?.map(Number) ?? [];
    for (let column = 0; column < COLUMNS; column++) {
      const at = Math.floor(column * perColumn) + Math.min(0, from);
      this.#spectrum.measure(samples, at, this.#decibels);
      for (let bin = 0; bin < size / 2; bin++) {
        const level = ((this.#decibels[bin] as number) - QUIETEST_DB) / (LOUDEST_DB - QUIETEST_DB);
        const pixel = ((size / 2 - 1 - bin) * COLUMNS + column) * 4;
        image.data[pixel] = red;
        image.data[pixel + 1] = green;
        image.data[pixel + 2] = blue;
        image.data[pixel + 3] = 255 * Math.max(0, Math.min(1, level)) ** 1.5;
      }
    }
    context.putImageData(image, 0, 0);
    this.#tiles.set(`${stepMs} ${index}`, tile);
    for (const oldest of this.#tiles.keys()) {
      if (this.#tiles.size <= KEPT_TILES) break;
      this.#tiles.delete(oldest);
    }
    return tile;
  }
}
