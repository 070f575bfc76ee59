/**
 * The microphone's end on the audio thread. While a take is open its packets go straight to the core's port; the
 * window's thread only gets one peak per frame, for meters.
 */
import { encodePacket, PACKET_KIND } from '../../src-preload/audio-packet.ts';
import { Packetiser } from './packetiser.ts';

/** What the window tells the worklet. `open: null` watches the level without a take. */
export type CaptureOrder =
  | { readonly port: MessagePort }
  /** Gets every packet too, until the next one takes its place. */
  | { readonly tap: MessagePort | null }
  /** Its packets go on to the core. */
  | { readonly relay: MessagePort }
  | { readonly open: number | null }
  /** `flush` sends the frame begun; the worklet answers `closed`. */
  | { readonly close: true; readonly flush: boolean };

/** A peak of one frame, 0..1, or the answer to `close`. */
export type CaptureAnswer = number | 'closed';

class CaptureProcessor extends AudioWorkletProcessor {
  #core: MessagePort | null = null;
  #tap: MessagePort | null = null;
  #packetiser: Packetiser | null = null;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<CaptureOrder>) => {
      if ('port' in data) this.#core = data.port;
      else if ('tap' in data) this.#tap = data.tap;
      else if ('relay' in data) data.relay.onmessage = ({ data: packet }) => this.#core?.postMessage(packet);
      else if ('open' in data) this.#packetiser = this.#take(data.open);
      else {
        if (data.flush) this.#packetiser?.flush();
        this.#packetiser = null;
        this.#answer('closed');
      }
    };
  }

  process([input]: Float32Array[][]): boolean {
    const channel = input?.[0];
    if (channel && this.#packetiser) this.#packetiser.push(channel);
    return true;
  }

  #take(takeId: number | null): Packetiser {
    return new Packetiser((samples, sequence) => {
      if (takeId !== null) {
        const packet = encodePacket({ kind: PACKET_KIND.capture, stream: takeId, sequence, value: 0, samples });
        // Copied, not transferred: Electron's ports do not take transferred buffers.
        this.#core?.postMessage(packet);
        this.#tap?.postMessage(packet);
      }
      this.#answer(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0) / 32_768);
    });
  }

  #answer(answer: CaptureAnswer): void {
    this.port.postMessage(answer);
  }
}

registerProcessor('squelch-capture', CaptureProcessor);
