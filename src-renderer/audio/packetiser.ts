/**
 * Turns a microphone's quanta into numbered 20 ms frames. Before a microphone is awake it gives digital silence; that
 * is left out, for at most 200 ms, so that a take's first frame means "the microphone is live".
 */
import { PACKET_SAMPLES } from '../../src-preload/audio-packet.ts';

const MAX_SKIPPED_SAMPLES = 4_800;

/** @param samples is used again for the next frame: copy what is kept. */
export type FrameListener = (samples: Int16Array, sequence: number) => void;

export class Packetiser {
  readonly #emit: FrameListener;
  readonly #frame = new Int16Array(PACKET_SAMPLES);
  #filled = 0;
  #sequence = 0;
  #skipped = 0;
  #awake = false;

  constructor(emit: FrameListener) {
    this.#emit = emit;
  }

  /** @param quantum at 24 kHz, −1..1. */
  push(quantum: Float32Array): void {
    if (!this.#awake) {
      if (this.#skipped < MAX_SKIPPED_SAMPLES && quantum.every((sample) => sample === 0)) {
        this.#skipped += quantum.length;
        return;
      }
      this.#awake = true;
    }
    for (const sample of quantum) {
      this.#frame[this.#filled++] = toInt16(sample);
      if (this.#filled === PACKET_SAMPLES) this.flush();
    }
  }

  /** Emits the frame begun, however short. */
  flush(): void {
    if (this.#filled === 0) return;
    this.#emit(this.#frame.subarray(0, this.#filled), this.#sequence++);
    this.#filled = 0;
  }
}

/** Scaled by 32768, so that 16-bit sound that passed through the browser unprocessed comes out bit for bit. */
function toInt16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}
