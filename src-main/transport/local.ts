/**
 * The loudspeaker of one window: sound goes out as packets, what was heard comes back as packets. A window that goes
 * away in mid-reply has heard what it last reported. A reply of which nothing was heard yet waits a while for the window
 * that comes next: a page that is loaded again is one.
 */
import { type AudioPacket, encodePacket, PACKET_KIND } from '../../src-preload/audio-packet.ts';
import type { AudioFrame } from '../audio/frame.ts';
import type { Playback, Transport } from './transport.ts';

/** A stopped window that does not say how much was heard is believed its last report after this long. */
const STOP_TIMEOUT_MS = 250;
/** How long a reply waits for a window. */
const WAIT_FOR_WINDOW_MS = 10_000;

type Send = (packet: ArrayBuffer) => void;
type Item = Pick<AudioPacket, 'kind' | 'sequence' | 'samples'>;

interface PlaybackResult {
  readonly heardSamples: number;
  readonly complete: boolean;
}

export class LocalTransport implements Transport {
  readonly #send: Send;
  /** Of one app: the windows that went away and still have something to say. */
  readonly #departed: Set<LocalTransport>;
  readonly #playbacks = new Map<number, LocalPlayback>();
  #nextStream = 1;
  #closed = false;
  #waiting: NodeJS.Timeout | null = null;
  #next: LocalTransport | null = null;

  /** @param send brings one packet to the window. @param departed shared by all windows of an app */
  constructor(send: Send, departed: Set<LocalTransport> = new Set()) {
    this.#send = send;
    this.#departed = departed;
  }

  play(): Playback {
    if (this.#next) return this.#next.play();
    const playback = new LocalPlayback();
    this.#take(playback);
    if (this.#closed && !this.#waiting) playback.abandon();
    return playback;
  }

  /** Takes a `heard` or `done` packet of the window. */
  receive(packet: AudioPacket): void {
    this.#playbacks.get(packet.stream)?.report(packet);
  }

  /** The window can be heard: it says what windows that went away had not begun to say. */
  takeOver(): void {
    for (const transport of [...this.#departed]) transport.#goOnAt(this);
  }

  close(): void {
    this.#closed = true;
    for (const playback of this.#playbacks.values()) playback.losesWindow();
    this.#departed.add(this);
    this.#waiting = setTimeout(() => this.#giveUp(), WAIT_FOR_WINDOW_MS).unref();
  }

  #take(playback: LocalPlayback): void {
    const stream = this.#nextStream++;
    this.#playbacks.set(stream, playback);
    void playback.done.then(() => this.#playbacks.delete(stream));
    if (!this.#closed) playback.playAt(stream, this.#send);
  }

  #goOnAt(next: LocalTransport): void {
    this.#stopWaiting();
    this.#next = next;
    for (const playback of this.#playbacks.values()) next.#take(playback);
    this.#playbacks.clear();
  }

  #giveUp(): void {
    this.#stopWaiting();
    for (const playback of this.#playbacks.values()) playback.abandon();
  }

  #stopWaiting(): void {
    this.#departed.delete(this);
    if (this.#waiting) clearTimeout(this.#waiting);
    this.#waiting = null;
  }
}

class LocalPlayback implements Playback {
  readonly done: Promise<PlaybackResult>;
  /** null while there is no window. */
  #window: { readonly stream: number; readonly send: Send } | null = null;
  /** Everything, until some of it was heard: another window would begin with the first word. */
  #unheard: Item[] = [];
  readonly #listeners: ((heardSamples: number) => void)[] = [];
  #resolve: (result: PlaybackResult) => void = () => {};
  #sequence = 0;
  #sentSamples = 0;
  #heardSamples = 0;
  #ended = false;
  #stopped = false;

  constructor() {
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  playAt(stream: number, send: Send): void {
    this.#window = { stream, send };
    for (const item of this.#unheard) this.#say(item);
  }

  /** What was heard in part is not begun again elsewhere. */
  losesWindow(): void {
    this.#window = null;
    if (this.#heardSamples > 0 || this.#stopped) this.abandon();
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
    if (this.#sentSamples === 0 || !this.#window) {
      this.#finish();
      return;
    }
    setTimeout(() => this.#finish(), STOP_TIMEOUT_MS).unref();
    this.#packet(PACKET_KIND.stop);
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
      this.#unheard = [];
      for (const listener of this.#listeners) listener(heard);
    }
    if (kind === PACKET_KIND.done) this.#finish();
  }

  #finish(): void {
    const complete = this.#ended && this.#heardSamples === this.#sentSamples;
    this.#resolve({ heardSamples: this.#heardSamples, complete });
  }

  #packet(kind: AudioPacket['kind'], sequence = 0, samples: Int16Array = new Int16Array(0)): void {
    const item: Item = { kind, sequence, samples };
    if (this.#heardSamples === 0) this.#unheard.push(item);
    this.#say(item);
  }

  #say(item: Item): void {
    const { stream, send } = this.#window ?? {};
    if (send && stream !== undefined) send(encodePacket({ ...item, stream, value: 0 }));
  }
}
