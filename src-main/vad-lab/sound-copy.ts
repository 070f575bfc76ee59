/** The sound of a recording as the model heard it, written as WAV for the window to play and draw, with its peaks. */
import { open, writeFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { decodeSound } from '../audio/decode.ts';
import { encodePcm, encodeWavHeader, WAV_HEADER_BYTES } from '../audio/wav.ts';
import { Fault, type FaultReport } from '../fault.ts';
import { PeakFinder } from './peaks.ts';

export interface SoundCopyTask {
  readonly path: string;
  /** As the track of the recording has them. */
  readonly sampleRate: number;
  readonly samples: number;
  readonly soundPath: string;
  readonly peaksPath: string;
}

/** What the thread says at its end. */
export interface SoundCopyOutcome {
  /** null when all went well. */
  readonly fault: FaultReport | null;
}

/** @throws Fault as `decodeSound` */
export async function copySound({ path, sampleRate, samples, soundPath, peaksPath }: SoundCopyTask): Promise<void> {
  const peaks = new PeakFinder(samples);
  const file = await open(soundPath, 'w', 0o600);
  try {
    await file.write(encodeWavHeader({ sampleRate, channels: 1, dataBytes: 2 * samples }));
    let at = WAV_HEADER_BYTES;
    for await (const piece of decodeSound(path, () => sampleRate)) {
      peaks.push(piece.samples);
      const bytes = encodePcm(piece.samples);
      await file.write(bytes, 0, bytes.length, at);
      at += bytes.length;
    }
  } finally {
    await file.close();
  }
  await writeFile(peaksPath, new Uint8Array(peaks.finish().buffer), { mode: 0o600 });
}

/** The same beside the event loop. */
export function copySoundInThread(task: SoundCopyTask): Promise<void> {
  // The bundler makes a file of the same name beside the bundle; in the sources the worker is TypeScript.
  const file = import.meta.url.endsWith('.ts') ? './sound-copy-worker.ts' : './sound-copy-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.on('message', ({ fault }: SoundCopyOutcome) => {
    if (fault) reject(new Fault(fault.code, fault.message, { hint: fault.hint }));
    else resolve();
  });
  worker.on('error', reject);
  worker.on('exit', () => reject(new Error('The copying thread ended early')));
  return promise;
}
