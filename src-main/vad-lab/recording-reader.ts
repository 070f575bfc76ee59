/**
 * Reads a recording window by window as the model wants it: 8 and 16 kHz as they are, every other rate at 16 kHz, mono,
 * the last window zero-padded. On the way it notes what the user should know of the sound.
 */
import { decodeSound, type SoundPiece } from '../audio/decode.ts';

const SILENT_PEAK = 33;
const CLIPPED_SHARE = 0.001;

/** What is odd about a recording that could be read all the same: one sentence each. */
export type Flaws = readonly string[];

export class RecordingReader {
  /** Rate of the windows, in Hz. */
  readonly sampleRate: number;
  /** Samples read so far, at that rate. */
  samples = 0;
  private readonly pieces: AsyncGenerator<SoundPiece, void>;
  private piece: Int16Array;
  private offset = 0;
  private peak = 0;
  private clipped = 0;
  private channelPeak = 0;
  private invalid: number;

  /** @throws Fault as `decodeSound` */
  static async open(path: string): Promise<RecordingReader> {
    const pieces = decodeSound(path, (fileRate) => (fileRate === 8_000 ? 8_000 : 16_000));
    const first = await pieces.next();
    if (first.done) throw new Error(`${path} was read without a piece of sound`);
    return new RecordingReader(pieces, first.value);
  }

  private constructor(
    pieces: AsyncGenerator<SoundPiece, void>,
    { samples, sampleRate, invalidSamples, channelPeak }: SoundPiece,
  ) {
    this.pieces = pieces;
    this.sampleRate = sampleRate;
    this.piece = samples;
    this.invalid = invalidSamples;
    this.channelPeak = channelPeak;
  }

  /** Fills a window from what has been read already; false when that is not enough. */
  fillAtOnce(window: Float32Array): boolean {
    if (this.piece.length - this.offset < window.length) return false;
    this.copy(window, 0, window.length);
    return true;
  }

  /**
   * Fills a window, reading on when needed.
   * @returns false when the recording is over and there was nothing to fill it with
   * @throws Fault as `decodeSound`
   */
  async fill(window: Float32Array): Promise<boolean> {
    let filled = 0;
    while (filled < window.length) {
      const count = Math.min(window.length - filled, this.piece.length - this.offset);
      this.copy(window, filled, count);
      filled += count;
      if (filled < window.length && !(await this.readOn())) break;
    }
    window.fill(0, filled);
    return filled > 0;
  }

  /** What was odd, known once everything was read. */
  flaws(): Flaws {
    const flaws: string[] = [];
    if (this.invalid > 0) flaws.push(`${this.invalid} samples are not numbers; they count as silence`);
    if (this.peak < SILENT_PEAK) {
      const cancelled = this.channelPeak * 32_768 >= 10 * SILENT_PEAK;
      flaws.push(
        cancelled ? 'its channels cancel each other out: mixed, it is silent' : 'it is silent from beginning to end',
      );
    }
    if (this.clipped > this.samples * CLIPPED_SHARE) {
      flaws.push(
        `it is clipped: ${((100 * this.clipped) / this.samples).toFixed(1)} % of the samples are at full scale`,
      );
    }
    return flaws;
  }

  close(): Promise<unknown> {
    return this.pieces.return();
  }

  private copy(window: Float32Array, at: number, count: number): void {
    const { piece, offset } = this;
    for (let i = 0; i < count; i++) {
      const sample = piece[offset + i] as number;
      const magnitude = sample < 0 ? -sample : sample;
      if (magnitude > this.peak) this.peak = magnitude;
      if (magnitude >= 32_767) this.clipped++;
      window[at + i] = sample / 32_768;
    }
    this.offset += count;
    this.samples += count;
  }

  private async readOn(): Promise<boolean> {
    const next = await this.pieces.next();
    if (next.done) return false;
    this.piece = next.value.samples;
    this.invalid += next.value.invalidSamples;
    this.channelPeak = Math.max(this.channelPeak, next.value.channelPeak);
    this.offset = 0;
    return true;
  }
}
