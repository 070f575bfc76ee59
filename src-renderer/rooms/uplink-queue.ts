/**
 * Sound on its way to a room, take by take. A take is kept from its first sample until it is dropped: what the room has
 * not let in yet waits here, and what a broken connection may have swallowed is played again from the beginning.
 */
import { PACKET_RATE } from '../../src-preload/audio-packet.ts';

/** Frames arrive unevenly; so much lies ready before a take begins to play, and again after it ran dry. */
const LEAD_SAMPLES = 0.06 * PACKET_RATE;

interface Take {
  readonly chunks: Int16Array[];
  samples: number;
  ended: boolean;
}

interface Cursor {
  readonly takeId: number;
  chunk: number;
  sample: number;
  played: number;
  /** Waits until enough lies ready. */
  filling: boolean;
}

export class UplinkQueue {
  readonly #takes = new Map<number, Take>();
  readonly #onPlayed: (takeId: number) => void;
  #cursor: Cursor | null = null;

  /** @param onPlayed every sample of the take has been played, and no more will come. */
  constructor(onPlayed: (takeId: number) => void) {
    this.#onPlayed = onPlayed;
  }

  push(takeId: number, samples: Int16Array): void {
    const take = this.#take(takeId);
    take.chunks.push(samples);
    take.samples += samples.length;
  }

  /** Nothing more comes for this take. */
  end(takeId: number): void {
    this.#take(takeId).ended = true;
  }

  /** Plays this take from its first sample, whatever was played before. */
  play(takeId: number): void {
    this.#cursor = { takeId, chunk: 0, sample: 0, played: 0, filling: true };
  }

  pause(): void {
    this.#cursor = null;
  }

  drop(takeId: number): void {
    this.#takes.delete(takeId);
    if (this.#cursor?.takeId === takeId) this.#cursor = null;
  }

  /** Fills the output, at 24 kHz, with what comes next, and with silence where nothing does. */
  render(output: Float32Array): void {
    output.fill(0);
    const cursor = this.#cursor;
    const take = cursor && this.#takes.get(cursor.takeId);
    if (!cursor || !take) return;
    const ready = take.samples - cursor.played;
    if (ready === 0 && take.ended) {
      this.#cursor = null;
      this.#onPlayed(cursor.takeId);
      return;
    }
    if (cursor.filling && ready < LEAD_SAMPLES && !take.ended) return;
    cursor.filling = !copy(take.chunks, cursor, output) && !take.ended;
  }

  #take(takeId: number): Take {
    const known = this.#takes.get(takeId);
    if (known) return known;
    const take: Take = { chunks: [], samples: 0, ended: false };
    this.#takes.set(takeId, take);
    return take;
  }
}

/** @returns whether there was enough to fill the output. */
function copy(chunks: readonly Int16Array[], cursor: Cursor, output: Float32Array): boolean {
  let written = 0;
  while (written < output.length) {
    const chunk = chunks[cursor.chunk];
    if (!chunk) break;
    const count = Math.min(chunk.length - cursor.sample, output.length - written);
    for (let i = 0; i < count; i++) output[written + i] = (chunk[cursor.sample + i] ?? 0) / 32_768;
    written += count;
    cursor.sample += count;
    if (cursor.sample < chunk.length) continue;
    cursor.chunk += 1;
    cursor.sample = 0;
  }
  cursor.played += written;
  return written === output.length;
}
