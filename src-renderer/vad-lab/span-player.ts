/** Plays stretches of a recording one after the other, cut to the sample, once or in a loop: what would be kept, or what would be lost. */
import type { Playback } from '../audio/playback.ts';
import type { Sound } from './sound.ts';
import type { Span } from './spans.ts';

export interface SpanPlayerListener {
  /** All was played. */
  stopped(): void;
  failed(thrown: unknown): void;
}

interface Scheduled {
  readonly source: AudioBufferSourceNode;
  /** On the context's clock, in seconds. */
  readonly at: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** The first piece is short, so that it is heard at once. */
const FIRST_MS = 500;
const PIECE_MS = 4_000;
/** How much sound is always ready, in seconds. */
const AHEAD = 1.5;
const CHECK_MS = 100;
/** Where the sound jumps, it fades so long, in samples. */
const FADE = 64;

export class SpanPlayer {
  readonly #playback: Playback;
  readonly #listener: SpanPlayerListener;
  #scheduled: Scheduled[] = [];
  /** Counts the plays: what an earlier one still does is void. */
  #run = 0;

  constructor(playback: Playback, listener: SpanPlayerListener) {
    this.#playback = playback;
    this.#listener = listener;
  }

  /** Where in the recording the sound is now; null when nothing is played. */
  get positionMs(): number | null {
    const now = this.#playback.context.currentTime;
    const current = this.#scheduled.findLast(({ at }) => at <= now) ?? this.#scheduled[0];
    if (!current) return null;
    return Math.max(current.startMs, Math.min(current.endMs, current.startMs + (now - current.at) * 1000));
  }

  /** @param fromMs where in the spans to begin */
  play(sound: Sound, spans: readonly Span[], fromMs: number, loop: boolean): void {
    this.stop();
    const run = this.#run;
    this.#schedule(run, sound, piecesOf(spans, fromMs, loop)).catch((thrown) => {
      if (run === this.#run) this.#listener.failed(thrown);
    });
  }

  stop(): void {
    this.#run += 1;
    for (const { source } of this.#scheduled) source.stop();
    this.#scheduled = [];
  }

  async #schedule(run: number, sound: Sound, pieces: Iterable<Piece>): Promise<void> {
    const { context } = this.#playback;
    await this.#playback.wake();
    let until = context.currentTime + 0.05;
    for (const piece of pieces) {
      const samples = await sound.read(...samplesOf(piece, sound.sampleRate));
      if (run !== this.#run) return;
      if (samples.length === 0) continue;
      until = Math.max(until, context.currentTime);
      this.#scheduled.push(this.#start(samples, piece, sound.sampleRate, until));
      until += samples.length / sound.sampleRate;
      while (until - context.currentTime > AHEAD) {
        await this.#wait();
        if (run !== this.#run) return;
      }
    }
    while (context.currentTime < until) {
      await this.#wait();
      if (run !== this.#run) return;
    }
    this.stop();
    this.#listener.stopped();
  }

  /** The loudspeaker sleeps when nobody asks for it. */
  async #wait(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
    await this.#playback.wake();
    const now = this.#playback.context.currentTime;
    const playing = this.#scheduled.findLastIndex(({ at }) => at <= now);
    if (playing > 0) this.#scheduled.splice(0, playing);
  }

  #start(samples: Int16Array, piece: Piece, sampleRate: number, at: number): Scheduled {
    const { context } = this.#playback;
    const buffer = context.createBuffer(1, samples.length, sampleRate);
    const channel = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i++) channel[i] = (samples[i] as number) / 32_768;
    const fade = Math.min(FADE, samples.length);
    for (let i = 0; i < fade; i++) {
      if (piece.first) channel[i] = ((channel[i] as number) * i) / fade;
      const last = samples.length - 1 - i;
      if (piece.last) channel[last] = ((channel[last] as number) * i) / fade;
    }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start(at);
    return { source, at, startMs: piece.startMs, endMs: piece.endMs };
  }
}

interface Piece extends Span {
  /** Of its span. */
  readonly first: boolean;
  readonly last: boolean;
}

function* piecesOf(spans: readonly Span[], fromMs: number, loop: boolean): Generator<Piece> {
  let from = fromMs;
  let length = FIRST_MS;
  do {
    for (const span of spans) {
      let startMs = Math.max(span.startMs, from);
      const first = startMs;
      while (startMs < span.endMs) {
        const endMs = Math.min(span.endMs, startMs + length);
        yield { startMs, endMs, first: startMs === first, last: endMs === span.endMs };
        startMs = endMs;
        length = PIECE_MS;
      }
    }
    from = 0;
  } while (loop && spans.length > 0);
}

function samplesOf({ endMs, startMs }: Span, sampleRate: number): [number, number] {
  return [Math.round((startMs * sampleRate) / 1000), Math.round((endMs * sampleRate) / 1000)];
}
