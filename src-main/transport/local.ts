/**
 * The loudspeaker of one window: sound goes out as packets, what was heard comes back as packets. A window
 * that goes away has heard what it last reported.
 */
import { type AudioPacket, encodePacket, PACKET_KIND } from '../../src-preload/audio-packet.ts';
import type { AudioFrame } from '../audio/frame.ts';
import type { Playback, Transport } from './transport.ts';

/** A stopped window that does not say how much was heard is believed its last report after this long. */
const STOP_TIMEOUT_MS = 250;

interface PlaybackResult {
  readonly heardSamples: number;
  readonly complete: boolean;
}

export class LocalTransport implements Transport {
  readonly #send: (packet: ArrayBuffer) => void;
  readonly #playbacks = new Map<number, LocalPlayback>();
  #nextStream = 1;
  #closed = false;

  /** @param send brings one packet to the window. */
  constructor(send: (packet: ArrayBuffer) => void) {
    this.#send = send;
  }

  play(): Playback {
    const stream = this.#nextStream++;
    const playback = new LocalPlayback(stream, this.#send);
    this.#playbacks.set(stream, playback);
    void playback.done.then(() => this.#playbacks.delete(stream));
    if (this.#closed) playback.abandon();
    return playback;
  }

  /** Takes a `heard` or `done` packet of the window. */
  receive(packet: AudioPacket): void {
    this.#playbacks.get(packet.stream)?.report(packet);
  }

  close(): void {
    this.#closed = true;
    for (const playback of this.#playbacks.values()) playback.abandon();
  }
}

class LocalPlayback implements Playback {
  readonly done: Promise<PlaybackResult>;
  readonly #stream: number;
  readonly #send: (packet: ArrayBuffer) => void;
  readonly #listeners: ((heardSamples: number) => void)[] = [];
  #resolve: (result: PlaybackResult) => void = () => {};
  #sequence = 0;
  #sentSamples = 0;
  #heardSamples = 0;
  #ended = false;
  #stopped = false;

  constructor(stream: number, send: (packet: ArrayBuffer) => void) {
    this.#stream = stream;
    this.#send = send;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  write(frame: AudioFrame): void {
    if (this.#ended || this.#stopped || frame.samples.length === 0) return;
    this.#sentSamples += frame.samples.length;
    this.#packet(PACKET_KIND.play, this.#sequence++, frame.samples);
  }

  end(): void {
    if (this.#ended || this.#stopped) return;
    this.#ended = true;
    if (this.#sentSamples === 0) this.#finish();
    else this.#packet(PACKET_KIND.end);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#sentSamples === 0) {
      this.#finish();
      return;
    }
    this.#packet(PACKET_KIND.stop);
    setTimeout(() => this.#finish(), STOP_TIMEOUT_MS).unref();
  }

  abandon(): void {
    this.#stopped = true;
    this.#finish();
  }

  onHeard(listener: (heardSamples: number) => void): void {
    this.#listeners.push(listener);
  }

  report({ kind, value }: AudioPacket): void {
    // A window can't have heard more than it was sent.
    const heard = Math.min(value, this.#sentSamples);
    if (heard > this.#heardSamples) {
      this.#heardSamples = heard;
      for (const listener of this.#listeners) listener(heard);
    }
    if (kind === PACKET_KIND.done) this.#finish();
  }

  #finish(): void {
    const complete = this.#ended && this.#heardSamples === this.#sentSamples;
    this.#resolve({ heardSamples: this.#heardSamples, complete });
  }

  #packet(kind: AudioPacket['kind'], sequence = 0, samples: Int16Array = new Int16Array(0)): void {
    this.#send(encodePacket({ kind, stream: this.#stream, sequence, value: 0, samples }));
  }
}
