/** A loudspeaker without a sound: it keeps what it is sent, and says how much of it has been heard. */
import {
  decodePacket,
  encodePacket,
  PACKET_KIND,
  PACKET_RATE,
  type PacketKind,
} from '../../../src-preload/audio-packet.ts';
import { concatSamples } from '../../audio/frame.ts';

const REPORT_MS = 20;

interface Playback {
  readonly stream: number;
  /** When its first sample was played; moves forward whenever the sound ran dry. */
  startedAt: number;
  received: number;
  heard: number;
  underruns: number;
  ended: boolean;
}

export class ReplyListener {
  readonly #realtime: boolean;
  readonly #send: (packet: ArrayBuffer) => void;
  #pieces: Int16Array[] = [];
  #playback: Playback | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** @param realtime hears at the pace of sound, else everything at once. */
  constructor(realtime: boolean, send: (packet: ArrayBuffer) => void) {
    this.#realtime = realtime;
    this.#send = send;
  }

  receive(bytes: ArrayBuffer): void {
    const packet = decodePacket(bytes);
    if (!packet) return;
    if (packet.kind === PACKET_KIND.play) this.#play(packet.stream, packet.samples);
    if (packet.stream !== this.#playback?.stream) return;
    if (packet.kind === PACKET_KIND.end) this.#playback.ended = true;
    if (packet.kind === PACKET_KIND.stop) this.#finish(this.#playback);
    else this.#schedule();
  }

  samples(): Int16Array {
    return concatSamples(this.#pieces);
  }

  /** What was played so far is not part of the reply. */
  forget(): void {
    this.#pieces = [];
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#playback = null;
  }

  #play(stream: number, samples: Int16Array): void {
    if (this.#playback?.stream !== stream) {
      this.#playback = { stream, startedAt: performance.now(), received: 0, heard: 0, underruns: 0, ended: false };
    }
    this.#playback.received += samples.length;
    this.#pieces.push(samples);
  }

  /** Never answers from within a call of the core. */
  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#hear(), this.#realtime ? REPORT_MS : 0);
  }

  #hear(): void {
    this.#timer = null;
    const playback = this.#playback;
    if (!playback) return;
    const played = this.#realtime ? samplesSince(playback.startedAt) : playback.received;
    if (played > playback.received && !playback.ended) {
      if (playback.heard < playback.received) playback.underruns += 1;
      playback.startedAt += ((played - playback.received) * 1000) / PACKET_RATE;
    }
    playback.heard = Math.min(played, playback.received);
    if (playback.ended && playback.heard === playback.received) {
      this.#finish(playback);
      return;
    }
    this.#tell(PACKET_KIND.heard, playback);
    if (this.#realtime) this.#schedule();
  }

  #finish(playback: Playback): void {
    this.#playback = null;
    this.#tell(PACKET_KIND.done, playback);
  }

  #tell(kind: PacketKind, { stream, heard, underruns }: Playback): void {
    this.#send(encodePacket({ kind, stream, sequence: underruns, value: heard, samples: new Int16Array(0) }));
  }
}

function samplesSince(startedAt: number): number {
  return Math.floor(((performance.now() - startedAt) * PACKET_RATE) / 1000);
}
