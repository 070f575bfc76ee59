/** The samples of a recording, read in pieces as they are needed: an hour of them is never held at once. */
import { findWavData } from '../audio/wav.ts';

/** Of samples in a piece: four seconds of 16 kHz. */
const PIECE = 65_536;
/** Pieces kept: about two minutes. */
const KEPT = 32;
const HEAD_BYTES = 4_096;

export class Sound {
  readonly sampleRate: number;
  readonly samples: number;
  readonly #path: string;
  readonly #pieces = new Map<number, Promise<Int16Array>>();
  readonly #ready = new Map<number, Int16Array>();
  #dataStart: Promise<number> | null = null;

  /** @param path of a WAV file, mono and 16 bit, that takes range requests */
  constructor(path: string, sampleRate: number, samples: number) {
    this.#path = path;
    this.sampleRate = sampleRate;
    this.samples = samples;
  }

  /** @returns the samples [from, end), as far as the recording goes. @throws when they can't be read */
  async read(from: number, end: number): Promise<Int16Array> {
    const pieces = this.#piecesOf(from, end).map((index) => this.#piece(index));
    return this.#join(await Promise.all(pieces), from, end);
  }

  /** The same without waiting. @returns null while something of it is on its way; `arrived` is called when it is there */
  peek(from: number, end: number, arrived: () => void): Int16Array | null {
    const pieces = this.#piecesOf(from, end).map((index) => this.#ready.get(index));
    const here = pieces.filter((piece) => piece !== undefined);
    if (here.length === pieces.length) return this.#join(here, from, end);
    this.read(from, end).then(arrived, () => undefined);
    return null;
  }

  #piecesOf(from: number, end: number): number[] {
    const first = Math.floor(Math.max(0, from) / PIECE);
    const count = Math.ceil(Math.min(this.samples, end) / PIECE) - first;
    return Array.from({ length: Math.max(0, count) }, (_, i) => first + i);
  }

  /** @param pieces from the one that holds `from` */
  #join(pieces: readonly Int16Array[], from: number, end: number): Int16Array {
    const start = Math.max(0, from);
    const result = new Int16Array(Math.max(0, Math.min(this.samples, end) - start));
    let at = Math.floor(start / PIECE) * PIECE;
    for (const piece of pieces) {
      const part = piece.subarray(Math.max(0, start - at), Math.max(0, start + result.length - at));
      result.set(part, Math.max(0, at - start));
      at += PIECE;
    }
    return result;
  }

  #piece(index: number): Promise<Int16Array> {
    const known = this.#pieces.get(index);
    if (known) return known;
    const piece = this.#fetch(index);
    this.#pieces.set(index, piece);
    piece.then(
      (samples) => this.#ready.set(index, samples),
      () => this.#forget(index),
    );
    for (const oldest of this.#pieces.keys()) {
      if (this.#pieces.size <= KEPT) break;
      this.#forget(oldest);
    }
    return piece;
  }

  #forget(index: number): void {
    this.#pieces.delete(index);
    this.#ready.delete(index);
  }

  async #fetch(index: number): Promise<Int16Array> {
    this.#dataStart ??= this.#bytes(0, HEAD_BYTES).then((head) => findWavData(head).start);
    const start = (await this.#dataStart) + index * PIECE * 2;
    const samples = Math.min(PIECE, this.samples - index * PIECE);
    const bytes = await this.#bytes(start, start + samples * 2);
    return new Int16Array(bytes, 0, Math.floor(bytes.byteLength / 2));
  }

  async #bytes(from: number, end: number): Promise<ArrayBuffer> {
    const response = await fetch(this.#path, { headers: { range: `bytes=${from}-${end - 1}` } });
    if (response.status !== 206) throw new Error(`the recording answers ${response.status}`);
    return response.arrayBuffer();
  }
}
