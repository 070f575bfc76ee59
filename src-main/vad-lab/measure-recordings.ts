/**
 * Probabilities of many recordings, one after the other through as many rows of a batch as are worth it: a row that has
 * come to its end takes the next recording. Runs in a thread of its own (measure-worker.ts).
 */
import type { SileroSession } from '../speech/vad/silero.ts';
import { type CachedTrack, digestFile, type ProbabilityCache } from './probability-cache.ts';
import { RecordingReader } from './recording-reader.ts';
import { SileroBatch } from './silero-batch.ts';

/** More rows gain nothing more. */
const ROWS = 64;

export interface MeasureOptions {
  readonly model: SileroSession;
  readonly cache: ProbabilityCache | null;
  /** @param index of the recording among the paths */
  done(index: number, audioSha256: string, track: CachedTrack): void;
  failed(index: number, thrown: unknown): void;
  /** The result could not be kept in the cache. */
  notKept(thrown: unknown): void;
  /** @param samples measured since the last call, in milliseconds of sound */
  progress(ms: number): void;
  /** Looked at between windows. */
  cancelled(): boolean;
}

interface Waiting {
  readonly index: number;
  readonly path: string;
}

interface Row extends Waiting {
  readonly audioSha256: string;
  readonly reader: RecordingReader;
  readonly probabilities: Float32List;
}

/** Calls `done` or `failed` once for each path, unless cancelled. */
export async function measureRecordings(paths: readonly string[], options: MeasureOptions): Promise<void> {
  const waiting: Waiting[] = paths.map((path, index) => ({ index, path }));
  const otherRate: Waiting[] = [];
  await new Lane(16_000, waiting, otherRate, options).run();
  await new Lane(8_000, otherRate, [], options).run();
}

/** The recordings of one rate. */
class Lane {
  private readonly sampleRate: number;
  private readonly waiting: Waiting[];
  private readonly otherRate: Waiting[];
  private readonly options: MeasureOptions;

  constructor(sampleRate: number, waiting: Waiting[], otherRate: Waiting[], options: MeasureOptions) {
    this.sampleRate = sampleRate;
    this.waiting = waiting;
    this.otherRate = otherRate;
    this.options = options;
  }

  async run(): Promise<void> {
    let rows: Row[] = [];
    try {
      while (rows.length < ROWS) {
        const row = await this.next();
        if (!row) break;
        rows.push(row);
      }
      let batch = new SileroBatch(this.options.model, this.sampleRate, rows.length);
      while (rows.length > 0 && !this.options.cancelled()) {
        const going = await this.fill(batch, rows);
        if (going.length < rows.length) {
          batch = batch.only(going);
          rows = going.map((row) => rows[row] as Row);
          if (rows.length === 0) break;
        }
        await batch.measure();
        for (const [i, row] of rows.entries()) row.probabilities.push(batch.probabilities[i] as number);
        this.options.progress(rows.length * 32);
      }
    } finally {
      await Promise.all(rows.map(({ reader }) => reader.close()));
    }
  }

  /** Fills each row's window, with the next recording where one is over. @returns the rows that have a window */
  private async fill(batch: SileroBatch, rows: Row[]): Promise<number[]> {
    const going: number[] = [];
    for (let i = 0; i < rows.length; i++) {
      const window = batch.windows[i] as Float32Array;
      let row: Row | null = rows[i] as Row;
      while (row && !row.reader.fillAtOnce(window) && !(await this.readInto(window, row))) {
        row = await this.next();
        if (row) {
          rows[i] = row;
          batch.reset(i);
        }
      }
      if (row) going.push(i);
    }
    return going;
  }

  /** @returns false when the recording is over, or can't be read any further; it is settled then */
  private async readInto(window: Float32Array, row: Row): Promise<boolean> {
    const { index, audioSha256, reader } = row;
    try {
      if (await reader.fill(window)) return true;
    } catch (thrown) {
      this.options.failed(index, thrown);
      return false;
    }
    const { sampleRate, samples } = reader;
    const track = { sampleRate, samples, flaws: reader.flaws(), probabilities: row.probabilities.values() };
    await this.options.cache?.keep(audioSha256, track).catch((thrown) => this.options.notKept(thrown));
    this.options.done(index, audioSha256, track);
    return false;
  }

  /** Opens the next recording that is not in the cache and has this rate. */
  private async next(): Promise<Row | null> {
    for (let next = this.waiting.shift(); next && !this.options.cancelled(); next = this.waiting.shift()) {
      try {
        const row = await this.open(next);
        if (row) return row;
      } catch (thrown) {
        this.options.failed(next.index, thrown);
      }
    }
    return null;
  }

  private async open({ index, path }: Waiting): Promise<Row | null> {
    // Before its digest: what is wrong with a file is said best by who reads it.
    const reader = await RecordingReader.open(path);
    let opened = false;
    try {
      const audioSha256 = await digestFile(path);
      const known = await this.options.cache?.find(audioSha256);
      if (known) {
        this.options.progress((known.samples * 1000) / known.sampleRate);
        this.options.done(index, audioSha256, known);
      } else if (reader.sampleRate !== this.sampleRate) {
        this.otherRate.push({ index, path });
      } else {
        opened = true;
        return { index, path, audioSha256, reader, probabilities: new Float32List() };
      }
      return null;
    } finally {
      if (!opened) await reader.close();
    }
  }
}

class Float32List {
  private array = new Float32Array(1024);
  private length = 0;

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new Float32Array(2 * this.length);
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length++] = value;
  }

  values(): Float32Array {
    return this.array.slice(0, this.length);
  }
}
