/** The room's end of the microphone on the audio thread: packets come from the capture's own port, sound leaves as a track. */
import { decodePacket, PACKET_KIND } from '../../src-preload/audio-packet.ts';
import { UplinkQueue } from './uplink-queue.ts';

export type UplinkOrder =
  | { readonly port: MessagePort }
  | { readonly keep: number; readonly samples: Int16Array }
  | { readonly play: number }
  | { readonly end: number }
  | { readonly drop: number }
  | 'pause';

/** The take that has been played to its end. */
export type UplinkAnswer = number;

class UplinkProcessor extends AudioWorkletProcessor {
  readonly #queue = new UplinkQueue((takeId) => this.port.postMessage(takeId satisfies UplinkAnswer));

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<UplinkOrder>) => {
      if (data === 'pause') this.#queue.pause();
      else if ('keep' in data) this.#queue.push(data.keep, data.samples);
      else if ('play' in data) this.#queue.play(data.play);
      else if ('end' in data) this.#queue.end(data.end);
      else if ('drop' in data) this.#queue.drop(data.drop);
      else this.#listen(data.port);
    };
  }

  process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
    const channel = output?.[0];
    if (channel) this.#queue.render(channel);
    return true;
  }

  #listen(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const packet = decodePacket(data);
      if (packet?.kind === PACKET_KIND.capture) this.#queue.push(packet.stream, packet.samples);
    };
  }
}

registerProcessor('squelch-uplink', UplinkProcessor);
