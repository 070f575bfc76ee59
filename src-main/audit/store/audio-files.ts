/**
 * Where a turn's sound lies: in `audio/in-flight/` while the turn lasts, then, complete and synced, in a folder of
 * its month. So whatever is found in flight at the start was cut off, and nothing else has to be looked at.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Track } from '../../../src-preload/contract.ts';
import type { LogDatabase } from './database.ts';

export const IN_FLIGHT_FOLDER = 'audio/in-flight';
/** Sound that was found without a turn to belong to. */
export const ORPHANS_FOLDER = 'audio/orphans';

/** Relative to the home folder, as stored in the log. @throws Error for an id that could leave the folder */
export function inFlightFile(turnId: string, track: Track): string {
  return `${IN_FLIGHT_FOLDER}/${audioFileName(turnId, track)}`;
}

/** @param startedAt milliseconds since the epoch; the month is UTC's. */
export function filedFile(startedAt: number, turnId: string, track: Track): string {
  return `audio/${new Date(startedAt).toISOString().slice(0, 7)}/${audioFileName(turnId, track)}`;
}

/** Whether it is the name of a turn's filed sound: a log of somebody else's may name anything, outside the home too. */
export function isFiled(file: string): boolean {
  return /^audio\/\d{4}-\d\d\/[\w-]+\.(user|agent)\.wav$/.test(file);
}

/** The inverse of the file's name; null for a file that is none of ours. */
export function parseAudioFileName(name: string): { turnId: string; track: Track } | null {
  const match = /^([\w-]+)\.(user|agent)\.wav$/.exec(name);
  return match ? { turnId: match[1] as string, track: match[2] as Track } : null;
}

/** @returns tells whether any content names a file, which is called after its turn */
export function createFileLookup(database: LogDatabase): (file: string) => boolean {
  const named = database
    .prepare<[string, string], 1>(
      'SELECT 1 FROM entry e JOIN content c ON c.entry_seq = e.seq WHERE e.turn_id = ? AND c.file = ?',
    )
    .pluck();
  return (file) => named.get(parseAudioFileName(basename(file))?.turnId ?? '', file) !== undefined;
}

/** Makes a new name in a folder survive a power cut. Windows has no such thing, and needs none. */
export function syncFolderOf(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The same without making this thread wait. */
export async function syncFolderSoon(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export function inHome(home: string, file: string): string {
  return join(home, ...file.split('/'));
}

function audioFileName(turnId: string, track: Track): string {
  if (!/^[\w-]+$/.test(turnId)) throw new Error(`not a turn id: ${turnId}`);
  return `${turnId}.${track}.wav`;
}
