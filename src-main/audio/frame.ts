/** A piece of mono PCM, the unit in which sound moves through every node of the pipeline. */

/** Sample rate of captured audio, of the log's audio files and of playback, in Hz. */
export const PIPELINE_RATE = 24_000;

/** What the voice activity detector concluded by the end of a frame. */
export interface VoiceActivity {
  /** Highest speech probability among the detector's windows that ended in this frame, 0..1; null when none did. */
  readonly probability: number | null;
  /** True from the confirmed start of a segment of speech until its confirmed end. */
  readonly speaking: boolean;
  /** True on the frame at whose end the detector declared a segment over. */
  readonly segmentEnded: boolean;
}

export interface AudioFrame {
  /** Mono, signed 16 bit. Never a view into a buffer that is written again. */
  readonly samples: Int16Array;
  /** In Hz. */
  readonly sampleRate: number;
  /** The words whose sound begins with this frame; set by text-to-speech. */
  readonly text?: string;
  /** Set on captured frames, before they reach speech recognition. */
  readonly activity?: VoiceActivity;
}

/** Whether any recorder makes sound at this rate, in Hz: a header that says otherwise is wrong. */
export function isRate(sampleRate: number): boolean {
  return sampleRate >= 1_000 && sampleRate <= 768_000;
}

/** Length of `sampleCount` samples in milliseconds. */
export function samplesToMs(sampleCount: number, sampleRate: number): number {
  return (sampleCount * 1000) / sampleRate;
}

/** Number of whole samples in `ms` milliseconds. */
export function msToSamples(ms: number, sampleRate: number): number {
  return Math.round((ms * sampleRate) / 1000);
}

/** Joins pieces of one signal into a single array. */
export function concatSamples(pieces: readonly Int16Array[]): Int16Array {
  const joined = new Int16Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
