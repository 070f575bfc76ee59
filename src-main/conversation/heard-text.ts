/**
 * Which words had been heard when so many samples had left the loudspeaker. Text-to-speech says where a piece
 * of text begins; within a piece, words are taken to be as long as their share of its characters.
 */
import { PIPELINE_RATE } from '../audio/frame.ts';

/** A usual pace of speech, used while the length of a piece is still unknown. */
const CHARACTERS_PER_SECOND = 15;

interface Piece {
  readonly text: string;
  readonly startSample: number;
}

export class HeardText {
  readonly #pieces: Piece[] = [];
  #text = '';
  #totalSamples = 0;
  #complete = false;

  /** @param text set where a new piece begins with this sound. */
  add(sampleCount: number, text: string | undefined): void {
    if (text !== undefined) {
      this.#pieces.push({ text, startSample: this.#totalSamples });
      this.#text += text;
    }
    this.#totalSamples += sampleCount;
  }

  get totalSamples(): number {
    return this.#totalSamples;
  }

  get ended(): boolean {
    return this.#complete;
  }

  /** All sound is known: the last piece ends where the sound ends. */
  end(): void {
    this.#complete = true;
  }

  /** All text that was given to be spoken so far. */
  get text(): string {
    return this.#text;
  }

  /** The words heard by then: a prefix of `text`, cut between words. */
  heardBy(sample: number): string {
    let heard = '';
    for (const [index, piece] of this.#pieces.entries()) {
      if (sample <= piece.startSample) break;
      const length = this.#lengthOf(index, piece);
      heard +=
        sample >= piece.startSample + length ? piece.text : wordsOf(piece.text, (sample - piece.startSample) / length);
    }
    return heard;
  }

  #lengthOf(index: number, piece: Piece): number {
    const next = this.#pieces[index + 1];
    const known = (next?.startSample ?? this.#totalSamples) - piece.startSample;
    if (next || this.#complete) return known;
    return Math.max(known, (piece.text.length / CHARACTERS_PER_SECOND) * PIPELINE_RATE);
  }
}

/** The whole words within the first `share` of the text; for scripts without spaces, whole characters. */
export function wordsOf(text: string, share: number): string {
  if (share >= 1) return text;
  const limit = Math.max(0, Math.floor(text.length * share));
  const start = text.slice(0, limit);
  if (/\s/.test(text.charAt(limit))) return start;
  const lastSpace = start.search(/\s\S*$/);
  if (lastSpace >= 0) return start.slice(0, lastSpace);
  return /\s/.test(text.trim()) ? '' : Array.from(start).join('');
}
