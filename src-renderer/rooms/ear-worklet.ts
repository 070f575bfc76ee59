/**
 * Hears what the room's agent says, on its way to the loudspeaker, and tells the core, for the log. Silence is not
 * told; the numbers of its frames are left out instead.
 */
import { encodePacket, PACKET_KIND, PACKET_SAMPLES } from '../../src-preload/audio-packet.ts';
import { ROOM_SOUND_STREAM } from '../../src-preload/room-protocol.ts';

/** `deaf`: what passes is not heard, because the loudspeaker is off. */
export type EarOrder = { readonly port: MessagePort } | { readonly deaf: boolean };

/** Pauses between words belong to what was said. */
const PAUSE_FRAMES = 50;

class EarProcessor extends AudioWorkletProcessor {
  readonly #frame = new Int16Array(PACKET_SAMPLES);
  #core: MessagePort | null = null;
  #deaf = false;
  #filled = 0;
  #sequence = 0;
  #quietFrames = PAUSE_FRAMES;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<EarOrder>) => {
      if ('port' in data) this.#core = data.port;
      else this.#deaf = data.deaf;
    };
  }

  process([input]: Float32Array[][], [output]: Float32Array[][]): boolean {
    const heard = input?.[0];
    const passed = output?.[0];
    if (!passed) return true;
    if (heard && !this.#deaf) passed.set(heard);
    for (const sample of passed) {
      this.#frame[this.#filled++] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
      if (this.#filled === PACKET_SAMPLES) this.#emit();
    }
    return true;
  }

  #emit(): void {
    this.#filled = 0;
    const sequence = this.#sequence++;
    this.#quietFrames = this.#frame.every((sample) => sample === 0) ? this.#quietFrames + 1 : 0;
    if (this.#quietFrames > PAUSE_FRAMES) return;
    const packet = { kind: PACKET_KIND.capture, stream: ROOM_SOUND_STREAM, sequence, value: 0, samples: this.#frame };
    this.#core?.postMessage(encodePacket(packet));
  }
}

registerProcessor('squelch-ear', EarProcessor);
