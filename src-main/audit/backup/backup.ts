/**
 * Copies a log while it is in use: the database by SQLite's online backup, the sound that it names, and what else its
 * owner has made. A backup is itself a data folder. It gets its name when it is complete, never before.
 */
import { constants, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { copyFile, link, open } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Fault } from '../../fault.ts';
import { makeFolder } from '../../folder.ts';
import { type Anchor, makeAnchor } from '../chain/anchors.ts';
import { inHome, isFiled, ORPHANS_FOLDER, syncFolderOf } from '../store/audio-files.ts';
import { copyDatabase, databasePath, type LogDatabase, openAnyForReading } from '../store/database.ts';
import { logFault } from '../store/storage-fault.ts';
import { partialOf, removePartials } from './partial.ts';

export interface Restored {
  readonly folder: string;
  readonly entries: number;
  readonly files: number;
}

export interface Backup extends Restored {
  /** When it was complete, milliseconds since the epoch. */
  readonly at: number;
}

export interface BackupOptions {
  readonly home: string;
  /** Reads the home's log; writes through it meanwhile are in the backup. */
  readonly database: LogDatabase;
  /** Must not exist yet, or be empty. */
  readonly folder: string;
  /** An earlier backup, whose files of sound are linked instead of copied, where that can be done. */
  readonly earlier?: string | null;
}

/** Says that a folder is a complete backup, and what it holds. */
const MANIFEST = 'backup.json';
const OWN_FILES = ['settings.json', 'personas.json', 'prices.json'];
const OWN_FOLDERS = ['anchors', 'agents', 'vad-presets', 'vad-labels', ORPHANS_FOLDER];
const PAGES_AT_ONCE = 250;
/** Scheduled backups that are kept; older ones are removed when a newer one is complete. */
const KEPT = 7;
const SCHEDULED_NAME = /^squelch-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}$/;

/** @throws Fault `backup-target-in-use`, and those of the file system */
export async function backUp({ home, database, folder, earlier = null }: BackupOptions): Promise<Backup> {
  const partial = partialOf(folder);
  try {
    const taken = takenBy(folder);
    if (taken)
      throw new Fault('backup-target-in-use', `${folder} ${taken}.`, { hint: 'Name a new folder.', stage: 'log' });
    removePartials(folder, SCHEDULED_NAME);
    const { anchor, files } = await copyLog({ home, database, earlier }, partial);
    for (const file of besides(home)) await keepFile(home, partial, null, file);
    const at = Date.now();
    const manifest = { format: 'squelch-backup', version: 1, at, anchor, files };
    writeFileSync(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    syncFolderOf(folder);
    return { folder, at, entries: anchor?.seq ?? 0, files };
  } catch (thrown) {
    discard(partial);
    throw targetFault('backup-not-written', `The backup can’t be written to ${folder}`, thrown);
  }
}

/** @returns why nothing can be made there; null where nothing is, or an empty folder */
function takenBy(path: string): string | null {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there) return null;
  if (!there.isDirectory()) return 'is a file';
  return readdirSync(path).length > 0 ? 'is not empty' : null;
}

/** What is only half there, or too old. Nothing may hide what went wrong before, or that all went well. */
function discard(partial: string): void {
  try {
    rmSync(partial, { recursive: true, force: true });
  } catch {
    // The next backup tries again.
  }
}

/** It is not the log's own disk that is full, or can't be written. */
function targetFault(code: string, message: string, thrown: unknown): Fault {
  const fault = logFault(thrown);
  if (fault.code !== 'log-disk-full' && fault.code !== 'log-not-writable') return fault;
  return new Fault(code, `${message} (${(thrown as Error).message}).`, {
    hint: 'Free space there, or name a folder that you can write, on another disk.',
    stage: 'log',
    cause: thrown,
  });
}

/**
 * The database, then the sound that it names. What is erased in between is gone from the home before it could be copied:
 * then the database is copied anew, and says so.
 * @returns how many files were copied
 */
async function copyLog(
  { home, database, earlier }: Required<Omit<BackupOptions, 'folder'>>,
  partial: string,
): Promise<{ anchor: Anchor | null; files: number }> {
  const path = databasePath(partial);
  makeFolder(dirname(path));
  const copied = new Set<string>();
  while (true) {
    rmSync(path, { force: true });
    await database.backup(path, { progress: () => PAGES_AT_ONCE });
    const { anchor, files } = await contentsOf(partial);
    const named = new Set(files);
    for (const file of copied) {
      if (named.has(file)) continue;
      rmSync(inHome(partial, file));
      copied.delete(file);
    }
    const missing: string[] = [];
    for (const file of files) {
      if (copied.has(file)) continue;
      if (await keepFile(home, partial, earlier, file)) copied.add(file);
      else missing.push(file);
    }
    if (missing.length === 0) return { anchor, files: copied.size };
    const stillNamed = new Set(soundFiles(database));
    if (missing.every((file) => stillNamed.has(file))) return { anchor, files: copied.size };
  }
}

/** The newest complete backup that was made by schedule; null when there is none. One of a clock that was ahead counts for nothing. */
export function newestBackup(folder: string): string | null {
  const newest = scheduledIn(folder).findLast((name) => backupTime(name) <= Date.now());
  return newest ? join(folder, newest) : null;
}

/** Those that were made by schedule and are complete, newest first. */
export function listBackups(folder: string): Backup[] {
  return scheduledIn(folder)
    .reverse()
    .flatMap((name) => manifestOf(join(folder, name)) ?? []);
}

/** null where it can't be read. */
function manifestOf(folder: string): Backup | null {
  try {
    const { at, anchor, files } = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
    return { folder, at, entries: anchor?.seq ?? 0, files };
  } catch {
    return null;
  }
}

/** One of a row of backups: a new folder with the time in its name; the oldest beyond a week's worth go. @throws Fault */
export function backUpBySchedule(home: string, database: LogDatabase, folder: string): Promise<Backup> {
  const backup = latest.then(() => addBackup(home, database, folder));
  latest = backup.catch(() => {});
  return backup;
}

/** One after the other: those that begin together would have one name, and could not share their files. */
let latest: Promise<unknown> = Promise.resolve();

async function addBackup(home: string, database: LogDatabase, folder: string): Promise<Backup> {
  const name = `squelch-${new Date().toISOString().slice(0, 23).replace(/[:.]/g, '-')}`;
  const backup = await backUp({ home, database, folder: join(folder, name), earlier: newestBackup(folder) });
  for (const old of byAge(scheduledIn(folder)).slice(0, -KEPT)) discard(join(folder, old));
  return backup;
}

/** The oldest first, and before them those of a clock that was ahead: nobody knows how old they are. */
function byAge(names: readonly string[]): string[] {
  const { past = [], future = [] } = Object.groupBy(names, (name) =>
    backupTime(name) <= Date.now() ? 'past' : 'future',
  );
  return [...future, ...past];
}

/** When a scheduled backup was made, in milliseconds since the epoch, by its name. */
export function backupTime(path: string): number {
  const [, day, hours, minutes, rest] = /(\d{4}-\d\d-\d\d)T(..)-(..)-(..-...)$/.exec(path) ?? [];
  return Date.parse(`${day}T${hours}:${minutes}:${rest?.replace('-', '.')}Z`);
}

/**
 * Makes a data folder of a backup, which stays as it is.
 * @throws Fault `home-not-empty`, `backup-invalid`, and those of the file system
 */
export async function restore(backup: string, home: string): Promise<Restored> {
  const partial = partialOf(home);
  try {
    const taken = takenBy(home);
    if (taken) {
      throw new Fault('home-not-empty', `${home} ${taken}, and is left as it is.`, {
        hint: 'Restore into a new folder with --home, and use it when you are content with it.',
        stage: 'log',
      });
    }
    assertBackup(backup);
    if (resolve(home).startsWith(resolve(backup) + sep)) {
      throw new Fault('restore-within-backup', `${home} lies within the backup, which is to stay as it is.`, {
        hint: 'Name a folder outside of it with --home.',
        stage: 'log',
      });
    }
    removePartials(home);
    makeFolder(dirname(databasePath(partial)));
    await copyDatabase(backup, databasePath(partial));
    const { anchor, files } = await contentsOf(partial);
    let copied = 0;
    for (const file of besides(backup)) await keepFile(backup, partial, null, file);
    for (const file of files) copied += await keepFile(backup, partial, null, file);
    rmSync(home, { recursive: true, force: true });
    renameSync(partial, home);
    syncFolderOf(home);
    return { folder: home, entries: anchor?.seq ?? 0, files: copied };
  } catch (thrown) {
    discard(partial);
    throw targetFault('restore-not-written', `The backup can’t be restored to ${home}`, thrown);
  }
}

function assertBackup(folder: string): void {
  try {
    const { format, version } = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
    if (format === 'squelch-backup' && version === 1 && existsSync(databasePath(folder))) return;
  } catch {
    // Said below.
  }
  throw new Fault('backup-invalid', `${folder} is not a complete backup.`, {
    hint: 'Name a folder that `squelch sessions backup` made.',
    stage: 'log',
  });
}

/** What a copied log holds, by its own account. @param folder nobody else's: what SQLite puts beside the database is taken away */
async function contentsOf(folder: string) {
  const database = await openAnyForReading(folder);
  if (!database) throw new Error('the copied database is not there');
  try {
    return { anchor: makeAnchor(database), files: soundFiles(database) };
  } finally {
    database.close();
    for (const suffix of ['-wal', '-shm']) rmSync(databasePath(folder) + suffix, { force: true });
  }
}

function soundFiles(database: LogDatabase): string[] {
  const files = database.prepare<[], string>('SELECT file FROM content WHERE file IS NOT NULL ORDER BY id').pluck();
  return files.all().filter(isFiled);
}

/** @returns how many files were kept: none where it is gone, which verifying the copy tells unless it was redacted. */
async function keepFile(from: string, to: string, earlier: string | null, file: string): Promise<0 | 1> {
  const target = inHome(to, file);
  makeFolder(dirname(target));
  if (earlier !== null) {
    try {
      await link(inHome(earlier, file), target);
      return 1;
    } catch {
      // Not there yet, or on a disk that knows no links.
    }
  }
  try {
    await copyFile(inHome(from, file), target, constants.COPYFILE_FICLONE);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw thrown;
  }
  const handle = await open(target, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return 1;
}

/** The owner's files besides database and sound: all but what can be made again, and keys, which only this machine opens. */
function besides(home: string): string[] {
  const inFolders = OWN_FOLDERS.flatMap((folder) => {
    const path = inHome(home, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(home, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .filter((file) => !file.includes('/node_modules/'));
  });
  return [...OWN_FILES, ...inFolders];
}

function scheduledIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => SCHEDULED_NAME.test(name) && existsSync(join(folder, name, MANIFEST)))
    .sort();
}
