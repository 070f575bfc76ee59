/** The thread in which settings are tried: a search takes seconds, which no event loop should wait for. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Scorable } from '../metrics/score.ts';
import { type Rival, type TuneOptions, type Tuning, tune } from './tune.ts';

export interface TuneTask {
  readonly recordings: readonly Scorable[];
  readonly rivals: readonly Rival[];
  readonly options: Omit<TuneOptions, 'onProgress'>;
}

export type TuneNews = { readonly evaluated: number } | { readonly tuning: Tuning };

const { recordings, rivals, options } = workerData as TuneTask;
const tell = (news: TuneNews) => parentPort?.postMessage(news);
tell({ tuning: tune(recordings, rivals, { ...options, onProgress: (evaluated) => tell({ evaluated }) }) });
