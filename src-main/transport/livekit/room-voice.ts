/**
 * The agent's voice in a room: one track, on which each reply is played. What was heard is what has left for the room;
 * while the room is out of reach a reply stands still, and goes on from there.
 */
import { type AudioFrame, msToSamples, PIPELINE_RATE } from '../../audio/frame.ts';
import type { Playback, Transport } from '../transport.ts';
import {
  AudioSource,
  LocalAudioTrack,
  type LocalTrackPublication,
  type Room,
  AudioFrame as RtcAudioFrame,
  TrackPublishOptions,
  TrackSource,
} from './sdk.ts';

/** Handed to the track ahead of time: enough to bridge a busy moment of this process. */
const AHEAD_MS = 300;
const QUEUE_MS = 1_000;
const TICK_MS = 20;
const FRAME_SAMPLES = msToSamples(20, PIPELINE_RATE);

export class RoomVoice implements Transport {
  readonly #playbacks = new Set<RoomPlayback>();
  #source: AudioSource | null = null;
  #publication: LocalTrackPublication | null = null;
  #reachable = false;
  #closed = false;

  /** Of the track in the room; null while there is none. */
  get trackId(): string | null {
    return this.#publication?.sid ?? null;
  }

  /** Publishes the voice in a room; in the one before it is gone. */
  async publishIn(room: Room): Promise<void> {
    await this.#source?.close();
    this.#source = new AudioSource(PIPELINE_RATE, 1, QUEUE_MS);
    const track = LocalAudioTrack.createAudioTrack('agent-voice', this.#source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
    this.#publication = (await room.localParticipant?.publishTrack(track, options)) ?? null;
  }

  /** Whether what is played now reaches the room. */
  setReachable(reachable: boolean): void {
    this.#reachable = reachable;
    if (!reachable) for (const playback of this.#playbacks) playback.rewind();
  }

  play(): Playback {
    const playback = new RoomPlayback(() => (this.#reachable ? this.#source : null));
    this.#playbacks.add(playback);
    void playback.done.then(() => this.#playbacks.delete(playback));
    if (this.#closed) playback.stop();
    return playback;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const playback of this.#playbacks) playback.stop();
    await this.#source?.close();
    this.#source = null;
  }
}

class RoomPlayback implements Playback {
  readonly done: Promise<{ heardSamples: number; complete: boolean }>;
  readonly #source: () => AudioSource | null;
  readonly #listeners: ((heardSamples: number) => void)[] = [];
  #resolve: (result: { heardSamples: number; complete: boolean }) => void = () => {};
  /** What may still have to be sent, whole frames but for the last; it begins at `#start`. */
  #samples: Int16Array[] = [];
  #start = 0;
  #written = 0;
  #writtenBefore = 0;
  #sent = 0;
  #heard = 0;
  #ended = false;
  #finished = false;
  #timer: NodeJS.Timeout | null = null;

  /** @param source where to play now; null while the room is out of reach */
  constructor(source: () => AudioSource | null) {
    this.#source = source;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  write({ samples }: AudioFrame): void {
    if (this.#ended || this.#finished || samples.length === 0) return;
    this.#samples.push(samples);
    this.#written += samples.length;
    this.#run();
  }

  end(): void {
    if (this.#ended || this.#finished) return;
    this.#ended = true;
    if (this.#written === 0) this.#finish();
    else this.#run();
  }

  stop(): void {
    if (this.#finished) return;
    const source = this.#source();
    this.#report(source);
    if (this.#sent > 0) source?.clearQueue();
    this.#finish();
  }

  /** What was handed over and has not left will be sent again. */
  rewind(): void {
    this.#sent = this.#heard;
  }

  onHeard(listener: (heardSamples: number) => void): void {
    this.#listeners.push(listener);
  }

  #run(): void {
    if (this.#timer) return;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  #tick(): void {
    const source = this.#source();
    if (!source) return;
    // Whoever waits until all of it was heard may write nothing before.
    const starved = this.#written === this.#writtenBefore && source.queuedDuration === 0;
    this.#writtenBefore = this.#written;
    while (source.queuedDuration < AHEAD_MS && this.#hasFrame(starved)) {
      const frame = this.#frameAt(this.#sent);
      this.#sent = Math.min(this.#sent + FRAME_SAMPLES, this.#written);
      // A track that went away is sent it again when there is one.
      source.captureFrame(new RtcAudioFrame(frame, PIPELINE_RATE, 1, frame.length)).catch(() => this.rewind());
    }
    this.#report(source);
    if (this.#ended && this.#heard === this.#written) this.#finish();
  }

  /** A frame is whole, or the last, or the track is silent anyway. */
  #hasFrame(starved: boolean): boolean {
    const left = this.#written - this.#sent;
    return left >= FRAME_SAMPLES || (left > 0 && (this.#ended || starved));
  }

  #frameAt(start: number): Int16Array {
    const frame = new Int16Array(FRAME_SAMPLES);
    let at = this.#start;
    for (const piece of this.#samples) {
      const from = Math.max(start, at);
      const to = Math.min(start + FRAME_SAMPLES, at + piece.length);
      if (from < to) frame.set(piece.subarray(from - at, to - at), from - start);
      at += piece.length;
    }
    return frame;
  }

  #report(source: AudioSource | null): void {
    if (!source) return;
    const queued = msToSamples(source.queuedDuration, PIPELINE_RATE);
    const heard = Math.max(this.#heard, this.#sent - queued);
    if (heard === this.#heard) return;
    this.#heard = heard;
    this.#forgetHeard();
    for (const listener of this.#listeners) listener(heard);
  }

  #forgetHeard(): void {
    for (let first = this.#samples[0]; first && this.#start + first.length <= this.#heard; first = this.#samples[0]) {
      this.#start += first.length;
      this.#samples.shift();
    }
  }

  #finish(): void {
    this.#finished = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#resolve({ heardSamples: this.#heard, complete: this.#ended && this.#heard === this.#written });
  }
}
