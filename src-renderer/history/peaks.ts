/** The outline of a recording: its loudest sample in each of as many parts as are drawn. */
import { recordingPath, type Track } from '../../src-preload/recording-path.ts';
import { samplesOf } from '../audio/wav.ts';

export const PARTS = 160;

/** Of the recordings heard last, so that none is read twice. */
const KEPT = 100;
const outlines = new Map<string, Promise<readonly number[]>>();

/** @returns `PARTS` values from 0 to 1. Rejects when the recording can't be read or is no 16-bit WAV. */
export function outlineOf(turnId: string, track: Track): Promise<readonly number[]> {
  const path = recordingPath(turnId, track);
  const known = outlines.get(path);
  if (known) return known;
  const reading = readPeaks(path);
  outlines.set(path, reading);
  reading.catch(() => outlines.delete(path));
  for (const oldest of outlines.keys()) {
    if (outlines.size <= KEPT) break;
    outlines.delete(oldest);
  }
  return reading;
}

/** Something was erased: its outline goes too. */
export function forgetOutlines(): void {
  outlines.clear();
}

async function readPeaks(path: string): Promise<number[]> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`the recording answers ${response.status}`);
  return peaksOf(samplesOf(await response.arrayBuffer()), PARTS);
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
