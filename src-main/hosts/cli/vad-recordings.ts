/** What the `vad` commands have in common: which recordings are meant, measured with progress, and told what is wrong. */
import { glob, readdir, stat } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { Fault, reportFault } from '../../fault.ts';
import { findPreset, modelWarning, type Preset } from '../../vad-lab/presets.ts';
import { type Collection, collect, type Failure } from '../../vad-lab/recordings.ts';
import { resolveHome } from '../home.ts';
import { INSTALLATION } from '../installation.ts';
import { mention, UsageError } from './report.ts';

export interface VadCommandOptions {
  readonly json?: boolean;
  readonly home?: string;
  readonly report?: string;
}

const SOUND = new Set(['.wav', '.mp3', '.flac', '.ogg', '.oga', '.opus']);
const PROGRESS_EVERY_MS = 1_000;

/** @throws UsageError, Fault `recordings-none` and those of measuring */
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
      cacheFolder: join(resolveHome(home, process.env), 'vad-cache'),
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
export function choosePreset(nameOrPath: string): Promise<Preset> {
  return findPreset(INSTALLATION.presets, nameOrPath);
}

/** What the user should know of a preset with the model in force. */
export function presetWarnings(preset: Preset, modelSha256: string): string[] {
  const warning = modelWarning(preset, modelSha256);
  return warning ? [warning] : [];
}

/** Folders give all their recordings, at any depth; what is named itself is taken whatever its extension. */
async function findRecordings(named: readonly string[]): Promise<{ paths: string[]; failures: Failure[] }> {
  const paths = new Set<string>();
  const failures: Failure[] = [];
  for (const name of named) {
    const found = await recordingsOf(name);
    if (found.length === 0) failures.push({ path: name, fault: nothingIn(name) });
    for (const path of found) paths.add(path);
  }
  const [failure] = failures;
  if (paths.size === 0 && failure) throw named.length === 1 ? failure.fault : new UsageError('there are no recordings');
  return { paths: [...paths], failures };
}

async function recordingsOf(name: string): Promise<string[]> {
  const kind = await stat(name).catch(() => null);
  if (kind?.isDirectory()) {
    const files = await readdir(name, { recursive: true });
    return files
      .filter(isSound)
      .map((file) => join(name, file))
      .sort();
  }
  if (kind || !/[*?[{]/.test(name)) return [name];
  const matches: string[] = [];
  for await (const match of glob(name)) matches.push(match);
  return matches.filter(isSound).sort();
}

function isSound(path: string): boolean {
  return SOUND.has(extname(path).toLowerCase());
}

function nothingIn(name: string): Fault {
  return new Fault('recordings-none', `There are no recordings in ${relative('', name) || name}`, {
    hint: 'Give WAV, MP3, FLAC or OGG files, or a folder of them',
  });
}
