/**
 * The reply's sound between the core and the loudspeaker: one stream at a time, its samples counted as they are
 * rendered. Speech synthesis runs ahead of real time, so a deep queue is normal and never trimmed; the jitter buffer
 * concerns only the start, and the restart after an underrun. It waits for `target` of sound, or for `target` of
 * time, whichever comes first.
 */
import { type AudioPacket, PACKET_KIND } from '../../src-preload/audio-packet.ts';

const TARGET_MIN = 1_440;
const TARGET_MAX = 4_800;
const TARGET_STEP = 960;
/** 5 ms: enough to stop without a click. */
const FADE = 120;
/** 50 ms. */
const REPORT_EVERY = 1_200;

/** `samples` of the stream have been rendered since it began; `underruns` is how often it ran dry before its end. */
export type PlaybackReport = (stream: number, samples: number, underruns: number) => void;

interface Stream {
  readonly id: number;
  readonly chunks: Int16Array[];
  /** Samples of the first chunk that are rendered already. */
  offset: number;
  queued: number;
  rendered: number;
  reported: number;
  underruns: number;
  /** Samples of silence given while waiting for the target. */
  waited: number;
  running: boolean;
  ended: boolean;
}

export class JitterBuffer {
  readonly #heard: PlaybackReport;
  readonly #done: PlaybackReport;
  #stream: Stream | null = null;
  #closed: number | null = null;
  #target = TARGET_MIN;
  #fade: Float32Array = new Float32Array(0);

  constructor(report: { heard: PlaybackReport; done: PlaybackReport }) {
    this.#heard = report.heard;
    this.#done = report.done;
  }

  /** Whether a stream is open: playing, or waiting for sound. */
  get active(): boolean {
    return this.#stream !== null;
  }

  /** Takes play, end and stop; packets of a stream that is over are dropped. */
  accept(packet: Pick<AudioPacket, 'kind' | 'stream' | 'samples'>): void {
    if (packet.stream === this.#closed) return;
    const stream = this.#open(packet.stream);
    if (packet.kind === PACKET_KIND.play && packet.samples.length > 0) {
      stream.chunks.push(packet.samples);
      stream.queued += packet.samples.length;
    } else if (packet.kind === PACKET_KIND.end) {
      stream.ended = true;
      if (stream.queued === 0) this.#close(stream);
    } else if (packet.kind === PACKET_KIND.stop) {
      this.stop();
    }
  }

  /** Stops the open stream at once. Its last 5 ms fade out in the next quantum and count as heard. */
  stop(): void {
    const stream = this.#stream;
    if (!stream) return;
    if (stream.running) {
      this.#fade = new Float32Array(Math.min(FADE, stream.queued));
      take(stream, this.#fade, this.#fade.length);
      for (let i = 0; i < this.#fade.length; i++) this.#fade[i] = (this.#fade[i] ?? 0) * (1 - (i + 1) / FADE);
    }
    this.#close(stream);
  }

  /** Forgets everything without a report: whoever sent it is gone. */
  reset(): void {
    this.#stream = null;
    this.#closed = null;
  }

  /** Fills one quantum. */
  render(output: Float32Array): void {
    output.fill(0);
    output.set(this.#fade.subarray(0, output.length));
    this.#fade = this.#fade.subarray(output.length);

    const stream = this.#stream;
    if (!stream || !this.#mayRun(stream, output.length)) return;
    const count = Math.min(output.length, stream.queued);
    take(stream, output, count);
    if (stream.ended && stream.queued === 0) {
      if (stream.underruns === 0) this.#target = Math.max(TARGET_MIN, this.#target - TARGET_STEP);
      this.#close(stream);
      return;
    }
    const dry = count < output.length;
    if (dry) {
      stream.underruns += 1;
      stream.running = false;
      stream.waited = 0;
      this.#target = Math.min(TARGET_MAX, this.#target + TARGET_STEP);
    }
    const unreported = stream.rendered - stream.reported;
    // Whoever waits until all of it was heard sends no more before.
    if (unreported >= REPORT_EVERY || (dry && unreported > 0)) {
      stream.reported = stream.rendered;
      this.#heard(stream.id, stream.rendered, stream.underruns);
    }
  }

  #mayRun(stream: Stream, quantum: number): boolean {
    if (stream.running) return true;
    if (stream.queued === 0) return false;
    if (!stream.ended && stream.queued < this.#target && stream.waited < this.#target) {
      stream.waited += quantum;
      return false;
    }
    stream.running = true;
    return true;
  }

  #open(id: number): Stream {
    if (this.#stream?.id === id) return this.#stream;
    this.stop();
    this.#stream = {
      id,
      chunks: [],
      offset: 0,
      queued: 0,
      rendered: 0,
      reported: 0,
      underruns: 0,
      waited: 0,
      running: false,
      ended: false,
    };
    return this.#stream;
  }

  #close(stream: Stream): void {
    this.#stream = null;
    this.#closed = stream.id;
    this.#done(stream.id, stream.rendered, stream.underruns);
  }
}

function take(stream: Stream, output: Float32Array, count: number): void {
  for (let written = 0; written < count; ) {
    const chunk = stream.chunks[0];
    if (!chunk) break;
    const part = Math.min(chunk.length - stream.offset, count - written);
    for (let i = 0; i < part; i++) output[written + i] = (chunk[stream.offset + i] ?? 0) / 32_768;
    written += part;
    stream.offset += part;
    if (stream.offset === chunk.length) {
      stream.chunks.shift();
      stream.offset = 0;
    }
  }
  stream.queued -= count;
  stream.rendered += count;
}
