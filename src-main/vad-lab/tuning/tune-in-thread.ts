/** Tuning beside the event loop, with progress, and cancelled at once when asked. */
import { Worker } from 'node:worker_threads';
import { Fault } from '../../fault.ts';
import type { Rival, TuneOptions, Tuning } from './tune.ts';
import type { Labelled, TuneNews, TuneTask } from './tune-worker.ts';

/** As `tune`. @throws Fault `cancelled` */
export async function tuneInThread(
  recordings: readonly Labelled[],
  rivals: readonly Rival[],
  { onProgress, ...options }: TuneOptions,
  signal?: AbortSignal,
): Promise<Tuning> {
  if (signal?.aborted) throw cancelled();
  // The bundler makes a file of the same name beside the bundle; in the sources the worker is TypeScript.
  const file = import.meta.url.endsWith('.ts') ? './tune-worker.ts' : './tune-worker.js';
  const workerData: TuneTask = { recordings, rivals, options };
  const worker = new Worker(new URL(file, import.meta.url), { workerData });
  const { promise, resolve, reject } = Promise.withResolvers<Tuning>();
  worker.on('message', (news: TuneNews) => {
    if ('tuning' in news) resolve(news.tuning);
    else onProgress?.(news.evaluated);
  });
  worker.on('error', reject);
  worker.on('exit', () => reject(new Error('The tuning thread ended early')));
  const cancel = () => {
    reject(cancelled());
    void worker.terminate();
  };
  signal?.addEventListener('abort', cancel);
  return promise.finally(() => signal?.removeEventListener('abort', cancel));
}

function cancelled(): Fault {
  return new Fault('cancelled', 'Tuning was cancelled', { hint: 'Start it again; what was measured is kept.' });
}
