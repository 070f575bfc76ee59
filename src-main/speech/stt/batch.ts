/**
 * Recognises a take by one request after the release, for recognisers that do best with the whole.
 * Only a take too long for one upload is cut.
 */

import { recognizeInPieces } from './pieces.ts';
import type { Stt, Transcriber } from './stt.ts';

/** 25 MB, the usual limit of an upload, is 8.7 minutes of 24 kHz PCM. */
export const LONGEST_PIECE_MS = 8 * 60_000;

export function batchStt(transcriber: Transcriber): Stt {
  return {
    label: transcriber.label,
    recognize: (audio, options) =>
      recognizeInPieces(
        transcriber,
        { cut: ({ durationMs }) => durationMs >= LONGEST_PIECE_MS, send: ({ durationMs }) => durationMs > 0 },
        audio,
        options,
      ),
    warm: () => transcriber.warm(),
  };
}
