/** The outline of a recording: its loudest sample in each of as many parts as are drawn. */
import { recordingPath, type Track } from '../../src-preload/recording-path.ts';
import { findWavData } from '../audio/wav.ts';

/** @returns values from 0 to 1. @throws when the recording can't be read or is no 16-bit WAV */
export async function readPeaks(turnId: string, track: Track, parts: number, signal: AbortSignal): Promise<number[]> {
  const response = await fetch(recordingPath(turnId, track), { signal });
  if (!response.ok) throw new Error(`the recording answers ${response.status}`);
  return peaksOf(samplesOf(await response.arrayBuffer()), parts);
}

export function samplesOf(wav: ArrayBuffer): Int16Array {
  const { bytes, start } = findWavData(wav);
  const available = Math.min(bytes, wav.byteLength - start);
  return new Int16Array(wav.slice(start, start + available - (available % 2)));
}

export function peaksOf(samples: Int16Array, parts: number): number[] {
  return Array.from({ length: parts }, (_, part) => {
    const end = Math.floor(((part + 1) * samples.length) / parts);
    let peak = 0;
    for (let i = Math.floor((part * samples.length) / parts); i < end; i++) {
      peak = Math.max(peak, Math.abs(samples[i] ?? 0));
    }
    return peak / 32_768;
  });
}
