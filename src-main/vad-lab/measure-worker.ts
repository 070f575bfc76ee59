/** The thread in which recordings are measured: one model, one share of the recordings. */
import { parentPort, workerData } from 'node:worker_threads';
import { type FaultReport, reportFault, toFault } from '../fault.ts';
import { loadSileroSession } from '../speech/vad/silero.ts';
import { measureRecordings } from './measure-recordings.ts';
import { type CachedTrack, ProbabilityCache } from './probability-cache.ts';

export interface MeasureTask {
  readonly modelsFolder: string;
  /** null keeps nothing. */
  readonly cacheFolder: string | null;
  readonly paths: readonly string[];
}

/** To be cancelled, the thread is sent anything at all. */
export type MeasureNews =
  | { readonly kind: 'done'; readonly index: number; readonly audioSha256: string; readonly track: CachedTrack }
  | { readonly kind: 'failed'; readonly index: number; readonly fault: FaultReport }
  | { readonly kind: 'not-kept'; readonly reason: string }
  | { readonly kind: 'progress'; readonly ms: number }
  | { readonly kind: 'broken'; readonly fault: FaultReport }
  | { readonly kind: 'ended'; readonly modelSha256: string };

const NEWS_EVERY_MS = 100;

const port = parentPort;
if (port) {
  let cancelled = false;
  port.once('message', () => {
    cancelled = true;
  });
  try {
    await measure(workerData as MeasureTask, (news) => port.postMessage(news));
  } catch (thrown) {
    port.postMessage({ kind: 'broken', fault: reportFault(toFault(thrown)) } satisfies MeasureNews);
  }
  port.close();

  async function measure({ modelsFolder, cacheFolder, paths }: MeasureTask, tell: (news: MeasureNews) => void) {
    const model = await loadSileroSession(modelsFolder);
    let ms = 0;
    let toldAt = performance.now();
    await measureRecordings(paths, {
      model,
      cache: cacheFolder === null ? null : new ProbabilityCache(cacheFolder, model.sha256),
      done: (index, audioSha256, track) => tell({ kind: 'done', index, audioSha256, track }),
      failed: (index, thrown) => tell({ kind: 'failed', index, fault: reportFault(toFault(thrown)) }),
      notKept: (thrown) => tell({ kind: 'not-kept', reason: toFault(thrown).message }),
      progress(more) {
        ms += more;
        if (performance.now() - toldAt < NEWS_EVERY_MS) return;
        tell({ kind: 'progress', ms });
        ms = 0;
        toldAt = performance.now();
      },
      cancelled: () => cancelled,
    });
    tell({ kind: 'ended', modelSha256: model.sha256 });
  }
}
