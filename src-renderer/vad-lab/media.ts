/** What of a recording is too large for a message: its outline, what the model heard in it, its sound. */
import type { VadRecordingView } from '../../src-preload/vad-lab-contract.ts';
import { type PeakLevel, peakLevels } from './peaks.ts';
import { Sound } from './sound.ts';

export interface Media {
  readonly sampleRate: number;
  readonly durationMs: number;
  readonly levels: readonly PeakLevel[];
  /** How much louder it is drawn than it is, so that quiet recordings can be read too. */
  readonly gain: number;
  /** One for each window of 32 ms. */
  readonly probabilities: Float32Array;
  /** null while it is still being recorded. */
  readonly sound: Sound | null;
}

/** @throws when it can't be read */
export async function loadMedia(recording: VadRecordingView, signal: AbortSignal): Promise<Media> {
  const { durationMs, peakLevels: levels, peaksPath, probabilitiesPath, sampleRate, samples, soundPath } = recording;
  const [peaks, probabilities] = await Promise.all([bytesAt(peaksPath, signal), bytesAt(probabilitiesPath, signal)]);
  const outline = peakLevels(peaks, levels);
  return {
    sampleRate,
    durationMs,
    levels: outline,
    gain: gainOf(outline),
    probabilities: new Float32Array(probabilities),
    sound: new Sound(soundPath, sampleRate, samples),
  };
}

const LARGEST_GAIN = 12;

/** Of the loudest sample, nearly to the edge of its row. */
function gainOf(levels: readonly PeakLevel[]): number {
  const loudest = levels.at(-1)?.extremes.reduce((most, extreme) => Math.max(most, Math.abs(extreme)), 1) ?? 1;
  return Math.min(LARGEST_GAIN, (0.92 * 32_768) / loudest);
}

async function bytesAt(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(path, { signal });
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.arrayBuffer();
}
