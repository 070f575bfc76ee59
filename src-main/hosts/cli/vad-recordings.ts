/** What the `vad` commands have in common: which recordings are meant, measured with progress, and told what is wrong. */
import { join } from 'node:path';
import { reportFault } from '../../fault.ts';
import { findRecordings } from '../../vad-lab/find-recordings.ts';
import { findPreset, modelWarning, type Preset } from '../../vad-lab/presets.ts';
import { type Collection, collect, type Failure } from '../../vad-lab/recordings.ts';
import { INSTALLATION } from '../installation.ts';
import { dataFolder } from './data-folder.ts';
import { mention } from './report.ts';

export interface VadCommandOptions {
  readonly json?: boolean;
  readonly home?: string;
  readonly report?: string;
}

const PROGRESS_EVERY_MS = 1_000;

/** @throws Fault `recordings-none` and those of measuring */
export async function collectRecordings(
  named: readonly string[],
  { home }: VadCommandOptions,
  withLabels: boolean,
): Promise<Collection> {
  const { paths, failures } = await findRecordings(named);
  let toldAt = performance.now();
  const collection = await interruptible((signal) =>
    collect({
      modelsFolder: INSTALLATION.models,
      cacheFolder: join(dataFolder(home), 'vad-cache'),
      paths,
      withLabels,
      signal,
      onProgress({ recordingsDone, recordings, measuredMs }) {
        if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
        toldAt = performance.now();
        mention(`${recordingsDone} of ${recordings} recordings, ${(measuredMs / 60_000).toFixed(1)} minutes heard`);
      },
    }),
  );
  return { ...collection, failures: [...failures, ...collection.failures] };
}

/** Work that Ctrl+C cancels. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const cancel = new AbortController();
  const stop = () => cancel.abort();
  process.once('SIGINT', stop);
  try {
    return await work(cancel.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}

/** Tells what is wrong on stderr. */
export function tellTroubles(warnings: readonly string[], failures: readonly Failure[]): void {
  for (const warning of warnings) mention(`warning: ${warning}`);
  for (const { fault } of failures) mention(`failed: ${fault.message}. ${fault.hint}.`);
}

export function failureDocuments(failures: readonly Failure[]) {
  return failures.map(({ path, fault }) => ({ file: path, error: reportFault(fault) }));
}

/** @throws Fault `preset-unknown`, `preset-broken` */
export function choosePreset(nameOrPath: string, { home }: VadCommandOptions): Promise<Preset> {
  const own = join(dataFolder(home), 'vad-presets');
  return findPreset(INSTALLATION.presets, own, nameOrPath);
}

/** What the user should know of a preset with the model in force. */
export function presetWarnings(preset: Preset, modelSha256: string): string[] {
  const warning = modelWarning(preset, modelSha256);
  return warning ? [warning] : [];
}
