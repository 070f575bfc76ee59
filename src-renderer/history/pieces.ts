/** A body as it came: piece by piece, each with its time. */
import type { ChunksView } from '../../src-preload/inspection.ts';

export interface Piece {
  readonly atMs: number;
  readonly text: string;
}

/** @param chunks where in the bytes of `text` each piece begins; a character that was cut stands with its end */
export function piecesOf(text: string, chunks: ChunksView): Piece[] {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  return chunks.map(({ atMs, offset }, index) => {
    const end = chunks[index + 1]?.offset ?? bytes.length;
    return { atMs, text: decoder.decode(bytes.subarray(offset, end), { stream: end < bytes.length }) };
  });
}
