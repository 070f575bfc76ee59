/** Which recordings are meant by files, folders and globs. */
import { glob, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Fault } from '../fault.ts';
import type { Failure } from './recordings.ts';

const SOUND = new Set(['.wav', '.mp3', '.flac', '.ogg', '.oga', '.opus']);

export interface FoundRecordings {
  /** In the order of what was named, each once. */
  readonly paths: readonly string[];
  /** Folders and globs in which there are none. */
  readonly failures: readonly Failure[];
}

/**
 * Folders give all their recordings, at any depth; what is named itself is taken whatever its extension.
 * @throws Fault `recordings-none` when there are none at all
 */
export async function findRecordings(named: readonly string[]): Promise<FoundRecordings> {
  const paths = new Set<string>();
  const failures: Failure[] = [];
  for (const name of named) {
    const found = await recordingsOf(name);
    if (found.length === 0) failures.push({ path: name, fault: nothingIn(name) });
    for (const path of found) paths.add(path);
  }
  if (paths.size === 0) throw failures[0]?.fault ?? nothingIn('nothing');
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
  return new Fault('recordings-none', `There are no recordings in ${name}`, {
    hint: 'Give WAV, MP3, FLAC or OGG files, or a folder of them',
  });
}
