/** Voice activity detection: a probability of speech for every window of a live signal, and the segments it makes. */

/** Parameters of the segmenter, named as Silero names them. */
export interface VadOptions {
  /** Speech starts at this probability, 0..1. */
  readonly threshold: number;
  /** Speech may end below this probability; null means `max(threshold - 0.15, 0.01)`. */
  readonly negativeThreshold: number | null;
  /** Shorter speech is not reported. */
  readonly minSpeechMs: number;
  /** Silence that ends a segment. */
  readonly minSilenceMs: number;
  /** Added before each reported segment. */
  readonly padBeforeMs: number;
  /** Added after it. */
  readonly padAfterMs: number;
  /** A longer segment is cut at its longest silence so far, padding included; null for no limit. */
  readonly maxSpeechMs: number | null;
  /** Share that each probability keeps of the one before it, 0..1; 0 is none. */
  readonly smoothing: number;
}

/** One segment of speech, in samples of the signal that was pushed, padding included. */
export interface SpeechSegment {
  readonly startSample: number;
  readonly endSample: number;
}

/** What one push of audio brought. */
export interface VadReport {
  /** One probability for each 32 ms window that became complete, in order. */
  readonly probabilities: readonly number[];
  /** True from the confirmed start of a segment until its confirmed end. */
  readonly speaking: boolean;
  /** True when a segment was declared over during this push. */
  readonly segmentEnded: boolean;
  /** Silence since the last window at or above the negative threshold (before any: since the start), in milliseconds. */
  readonly silenceMs: number;
}

/** What the end of a take brought. */
export interface VadSummary {
  /** Of the windows that were still to be measured. */
  readonly probabilities: readonly number[];
  /** Every segment of the take. */
  readonly segments: readonly SpeechSegment[];
}

/** The detector's state for one take. Cheap to make: the model is loaded once and shared. */
export interface VadStream {
  /** @param samples mono int16 at the rate the stream was opened with, any length. */
  push(samples: Int16Array): Promise<VadReport>;
  /** Takes in what is left, the last window zero-padded. Nothing may be pushed after. */
  finish(): Promise<VadSummary>;
}

export interface Vad {
  /** sha256 of the weights in force, hex. */
  readonly modelSha256: string;
  open(sampleRate: number, options: VadOptions): VadStream;
}
