/**
 * What the model hears in recordings: measured once for each recording and model, in threads beside this one, batched
 * through the model and kept on disk. Everything after that works on the result and never runs the model again.
 */
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Fault, type FaultReport } from '../fault.ts';
import type { MeasureNews, MeasureTask } from './measure-worker.ts';
import type { Flaws } from './recording-reader.ts';
import type { Track } from './segmentation.ts';

export interface Measured {
  readonly path: string;
  /** Of the recording's file, hex. */
  readonly audioSha256: string;
  readonly track: Track;
  readonly flaws: Flaws;
}

export interface NotMeasured {
  readonly path: string;
  readonly fault: Fault;
}

export interface Measurement {
  /** Of the weights, hex. */
  readonly modelSha256: string;
  /** In the order asked for. */
  readonly recordings: readonly (Measured | NotMeasured)[];
  /** What went wrong without harm to the result. */
  readonly warnings: readonly string[];
}

export interface MeasureRequest {
  /** Holds `manifest.json` and the weights. */
  readonly modelsFolder: string;
  /** null keeps nothing. */
  readonly cacheFolder: string | null;
  readonly paths: readonly string[];
  /** As many as there are cores, unless given. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  onProgress?(progress: MeasureProgress): void;
}

export interface MeasureProgress {
  readonly recordingsDone: number;
  readonly recordings: number;
  /** Sound measured so far. */
  readonly measuredMs: number;
}

/**
 * A recording that can't be read has its fault in its place.
 * @throws Fault `cancelled`, `weights-missing`, `weights-altered`, `vad-unavailable`
 */
export async function measure(request: MeasureRequest): Promise<Measurement> {
  const { paths, signal, modelsFolder, cacheFolder } = request;
  const recordings = new Array<Measured | NotMeasured>(paths.length);
  const warnings = new Set<string>();
  let measuredMs = 0;
  let recordingsDone = 0;
  const progress = () => request.onProgress?.({ recordingsDone, recordings: paths.length, measuredMs });

  const run = (share: readonly number[]): Promise<string> => {
    const task: MeasureTask = { modelsFolder, cacheFolder, paths: share.map((index) => paths[index] as string) };
    return runWorker(task, signal, (news) => {
      if (news.kind === 'progress') measuredMs += news.ms;
      if (news.kind === 'not-kept') {
        warnings.add(`What was measured can't be kept for next time: ${news.reason}`);
      }
      if (news.kind === 'done' || news.kind === 'failed') {
        const index = share[news.index] as number;
        recordings[index] = settled(paths[index] as string, news);
        recordingsDone++;
      }
      progress();
    });
  };
  if (signal?.aborted) throw cancelled();
  const shares = await dealOut(paths, request.threads ?? availableParallelism());
  const [modelSha256 = ''] = await Promise.all(shares.map(run));
  return { modelSha256, recordings, warnings: [...warnings] };
}

/** The largest files first, each to whoever has least; a thread with nothing to do still knows the model. */
async function dealOut(paths: readonly string[], threads: number): Promise<number[][]> {
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const shares = Array.from({ length: Math.max(1, Math.min(threads, paths.length)) }, () => ({
    bytes: 0,
    indices: [] as number[],
  }));
  for (const index of [...paths.keys()].sort((a, b) => (sizes[b] as number) - (sizes[a] as number))) {
    const share = shares.reduce((least, other) => (other.bytes < least.bytes ? other : least));
    share.bytes += sizes[index] as number;
    share.indices.push(index);
  }
  return shares.map(({ indices }) => indices);
}

/** @returns the sha256 of its model */
function runWorker(
  task: MeasureTask,
  signal: AbortSignal | undefined,
  hear: (news: MeasureNews) => void,
): Promise<string> {
  // The bundler makes a file of the same name beside the bundle; in the sources the worker is TypeScript.
  const file = import.meta.url.endsWith('.ts') ? './measure-worker.ts' : './measure-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let outcome = () => reject(new Error('The measuring thread ended early'));
  worker.on('message', (news: MeasureNews) => {
    if (news.kind === 'ended') outcome = () => resolve(news.modelSha256);
    else if (news.kind === 'broken') outcome = () => reject(faultOf(news.fault));
    else hear(news);
  });
  worker.on('error', reject);
  const cancel = () => {
    // The thread ends between two windows: ended from outside, it could be inside the model.
    worker.postMessage('cancel');
  };
  signal?.addEventListener('abort', cancel);
  worker.on('exit', () => {
    signal?.removeEventListener('abort', cancel);
    if (signal?.aborted) reject(cancelled());
    else outcome();
  });
  return promise;
}

function settled(path: string, news: MeasureNews & { kind: 'done' | 'failed' }): Measured | NotMeasured {
  if (news.kind === 'failed') return { path, fault: faultOf(news.fault) };
  const { flaws, ...track } = news.track;
  return { path, audioSha256: news.audioSha256, track, flaws };
}

function faultOf({ code, message, hint, stage }: FaultReport): Fault {
  return new Fault(code, message, { hint, ...(stage ? { stage } : {}) });
}

export function cancelled(): Fault {
  return new Fault('cancelled', 'Measuring was cancelled', { hint: 'Start it again; what was measured is kept.' });
}
