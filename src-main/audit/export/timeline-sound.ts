/** The sound of a timeline, in blocks of one second made from the recordings as they are needed, so that hours take no more memory than seconds. */
import { closeSync, openSync, readSync } from 'node:fs';
import { msToSamples, PIPELINE_RATE } from '../../audio/frame.ts';
import { WAV_HEADER_BYTES } from '../../audio/wav.ts';
import { Fault } from '../../fault.ts';
import { inHome } from '../store/audio-files.ts';
import type { Clip, Timeline } from './timeline.ts';

/** Of the longest block. */
export const BLOCK_SAMPLES = PIPELINE_RATE;

/** Both sides of the same stretch of time, of equal lengths. Written over by the next block. */
export interface SoundBlock {
  readonly user: Int16Array;
  readonly agent: Int16Array;
}

export function samplesOf(timeline: Timeline): number {
  return msToSamples(timeline.durationMs, PIPELINE_RATE);
}

/**
 * All blocks of `timeline` in order, the last one shorter.
 * @throws Fault `export-sound-missing`
 */
export function* soundBlocks(home: string, timeline: Timeline): Generator<SoundBlock, void> {
  const total = samplesOf(timeline);
  const user = new Voice(
    home,
    timeline.turns.flatMap((turn) => turn.user ?? []),
  );
  const agent = new Voice(
    home,
    timeline.turns.flatMap((turn) => turn.agent),
  );
  try {
    for (let start = 0; start < total; start += BLOCK_SAMPLES) {
      const length = Math.min(BLOCK_SAMPLES, total - start);
      yield { user: user.read(start, length), agent: agent.read(start, length) };
    }
  } finally {
    user.close();
    agent.close();
  }
}

interface PlacedClip {
  readonly clip: Clip;
  readonly start: number;
  readonly end: number;
}

/** One side: its clips in the order in which they begin, read forwards. */
class Voice {
  readonly #home: string;
  readonly #waiting: PlacedClip[];
  readonly #block = new Int16Array(BLOCK_SAMPLES);
  readonly #piece = new Int16Array(BLOCK_SAMPLES);
  #sounding: (PlacedClip & { readonly descriptor: number })[] = [];

  constructor(home: string, clips: readonly Clip[]) {
    this.#home = home;
    this.#waiting = clips
      .map((clip) => {
        const start = msToSamples(clip.startMs, PIPELINE_RATE);
        return { clip, start, end: start + clip.samples };
      })
      .sort((a, b) => b.start - a.start);
  }

  read(start: number, length: number): Int16Array {
    const block = this.#block.subarray(0, length).fill(0);
    while (this.#waiting.at(-1) && (this.#waiting.at(-1) as PlacedClip).start < start + length) {
      const next = this.#waiting.pop() as PlacedClip;
      this.#sounding.push({ ...next, descriptor: openRecording(inHome(this.#home, next.clip.file)) });
    }
    for (const placed of this.#sounding) {
      const from = Math.max(start, placed.start);
      const samples = this.#piece.subarray(0, Math.max(0, Math.min(start + length, placed.end) - from));
      const position = WAV_HEADER_BYTES + 2 * (placed.clip.firstSample + from - placed.start);
      readWhole(placed.descriptor, samples, position, inHome(this.#home, placed.clip.file));
      add(block, samples, from - start);
    }
    for (const done of this.#sounding.filter(({ end }) => end <= start + length)) closeSync(done.descriptor);
    this.#sounding = this.#sounding.filter(({ end }) => end > start + length);
    return block;
  }

  close(): void {
    for (const { descriptor } of this.#sounding) closeSync(descriptor);
  }
}

/** Adds `samples` to `block` from `offset` on, held within full scale. */
export function add(block: Int16Array, samples: Int16Array, offset: number): void {
  for (const [index, sample] of samples.entries()) {
    const sum = (block[offset + index] as number) + sample;
    block[offset + index] = Math.max(-32_768, Math.min(32_767, sum));
  }
}

function openRecording(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw soundMissing(path, cause);
  }
}

function readWhole(descriptor: number, samples: Int16Array, position: number, path: string): void {
  try {
    if (readSync(descriptor, samples, 0, samples.byteLength, position) === samples.byteLength) return;
  } catch (cause) {
    throw soundMissing(path, cause);
  }
  throw soundMissing(path, new Error('it is shorter than the log says'));
}

function soundMissing(path: string, cause: unknown): Fault {
  return new Fault('export-sound-missing', `The recording ${path} can’t be read (${(cause as Error).message}).`, {
    hint: 'If it was erased meanwhile, export again; else `squelch sessions verify` shows what is missing. JSON, Markdown and CSV need no sound.',
    stage: 'log',
    cause,
  });
}
