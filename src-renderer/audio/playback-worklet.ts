/**
 * The loudspeaker's end on the audio thread: packets come and reports go by the core's own port, so that a busy
 * window never makes the voice stutter. The window may stop it at once, and gets a peak per 20 ms to draw.
 */
import { decodePacket, encodePacket, PACKET_KIND, PACKET_SAMPLES } from '../../src-preload/audio-packet.ts';
import { JitterBuffer } from './jitter-buffer.ts';

/** `stop` ends the reply being heard; `reset` forgets it because the core is gone. */
export type PlaybackOrder = { readonly port: MessagePort } | 'stop' | 'reset';

/** A peak, 0..1, or whether a reply is being played. */
export type PlaybackAnswer = number | boolean;

const NO_SAMPLES = new Int16Array(0);

class PlaybackProcessor extends AudioWorkletProcessor {
  #core: MessagePort | null = null;
  #active = false;
  #peak = 0;
  #measured = 0;
  readonly #buffer = new JitterBuffer({
    heard: (stream, samples, underruns) => this.#report(PACKET_KIND.heard, stream, samples, underruns),
    done: (stream, samples, underruns) => this.#report(PACKET_KIND.done, stream, samples, underruns),
  });

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PlaybackOrder>) => {
      if (data === 'stop') this.#buffer.stop();
      else if (data === 'reset') this.#buffer.reset();
      else this.#listen(data.port);
      this.#announce();
    };
  }

  process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
    const channel = output?.[0];
    if (!channel) return true;
    this.#buffer.render(channel);
    this.#announce();
    if (this.#active) this.#measure(channel);
    return true;
  }

  #listen(core: MessagePort): void {
    this.#core = core;
    core.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const packet = decodePacket(data);
      if (packet) this.#buffer.accept(packet);
      this.#announce();
    };
  }

  #report(kind: typeof PACKET_KIND.heard | typeof PACKET_KIND.done, stream: number, value: number, underruns: number) {
    this.#core?.postMessage(encodePacket({ kind, stream, sequence: underruns, value, samples: NO_SAMPLES }));
  }

  #announce(): void {
    if (this.#buffer.active === this.#active) return;
    this.#active = this.#buffer.active;
    this.#answer(this.#active);
  }

  #measure(channel: Float32Array): void {
    for (const sample of channel) this.#peak = Math.max(this.#peak, Math.abs(sample));
    this.#measured += channel.length;
    if (this.#measured < PACKET_SAMPLES) return;
    this.#answer(this.#peak);
    this.#peak = 0;
    this.#measured = 0;
  }

  #answer(answer: PlaybackAnswer): void {
    this.port.postMessage(answer);
  }
}

registerProcessor('squelch-playback', PlaybackProcessor);
