/** The thread in which settings are tried: a search takes seconds, which no event loop should wait for. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Label } from '../labels/label.ts';
import { scorable } from '../metrics/score.ts';
import type { Track } from '../segmentation.ts';
import { type Rival, type TuneOptions, type Tuning, tune } from './tune.ts';

export interface Labelled {
  readonly path: string;
  readonly track: Track;
  /** As `fitLabels` makes them. */
  readonly labels: readonly Label[];
}

export interface TuneTask {
  readonly recordings: readonly Labelled[];
  readonly rivals: readonly Rival[];
  readonly options: Omit<TuneOptions, 'onProgress'>;
}

export type TuneNews = { readonly evaluated: number } | { readonly tuning: Tuning };

const { recordings, rivals, options } = workerData as TuneTask;
const tell = (news: TuneNews) => parentPort?.postMessage(news);
const subjects = recordings.map(({ path, track, labels }) => scorable(path, track, labels));
tell({ tuning: tune(subjects, rivals, { ...options, onProgress: (evaluated) => tell({ evaluated }) }) });
