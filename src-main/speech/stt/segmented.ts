/**
 * Live transcription by any recogniser: whenever voice detection closes a segment, the sound since the last cut is
 * transcribed while the key is still down, so that only the tail is left to do at the release.
 */
import { LONGEST_PIECE_MS } from './batch.ts';
import { type PiecePolicy, recognizeInPieces } from './pieces.ts';
import type { Stt, Transcriber } from './stt.ts';

/** Recognisers refuse less. A shorter piece becomes the beginning of the next one. */
const SHORTEST_PIECE_MS = 100;
/** From here on any pause will do. */
const LONG_PIECE_MS = 5 * 60_000;

const policy: PiecePolicy = {
  cut({ durationMs, last }) {
    if (durationMs < SHORTEST_PIECE_MS) return false;
    const pausing = last.activity?.speaking === false;
    return last.activity?.segmentEnded || (durationMs >= LONG_PIECE_MS && pausing) || durationMs >= LONGEST_PIECE_MS;
  },
  // Recognisers make words out of silence: a piece in which no frame was speech, nor came near it, is not sent. In
  // practice that is the tail after the last words, or minutes of silence.
  send: ({ durationMs, voiced }) => durationMs > 0 && voiced,
};

export function segmentedStt(transcriber: Transcriber): Stt {
  return {
    label: transcriber.label,
    recognize: (audio, options) => recognizeInPieces(transcriber, policy, audio, options),
    warm: () => transcriber.warm(),
  };
}
