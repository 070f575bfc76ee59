/**
 * Opens the log's database, `<home>/log/squelch.db`. Nothing is taken on trust: durability, SQLite's version and the
 * schema's version are asserted at every opening, and a file that is not ours or is newer than we are is left as it is.
 */
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../../fault.ts';
import { makeCopyFolder, removeCopyFolder } from './copies.ts';
import { MIGRATIONS } from './migrations/all.ts';
import { logFault } from './storage-fault.ts';

export type LogDatabase = Database.Database;

/** Before this version a race in WAL mode could lose commits. */
const OLDEST_SQLITE = '3.51.3';
/** "Sqch": marks the file as ours. */
const APPLICATION_ID = 0x53716368;
const SYNCHRONOUS_FULL = 2;
const BUSY_TIMEOUT_MS = 5_000;
const NEWEST = MIGRATIONS.length;
const FROM_THE_PAST = 'log-from-the-past';
const COPY_TROUBLES: ReadonlySet<string> = new Set(['log-disk-full', 'log-not-writable', 'log-disk-failing']);

export function databasePath(home: string): string {
  return join(home, 'log', 'squelch.db');
}

/**
 * Opens the log for writing; made if missing.
 * @throws Fault `log-from-the-future`, `log-foreign`, `log-damaged`, `log-not-writable`, `log-disk-full`,
 * `log-busy`, `sqlite-too-old`
 */
export function openDatabase(home: string): LogDatabase {
  return openDatabaseFile(databasePath(home));
}

/** A log's database under another name. @throws Fault as openDatabase */
export function openDatabaseFile(path: string): LogDatabase {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    refuseUnknown(path);
    const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      prepare(database);
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    return database;
  } catch (thrown) {
    throw logFault(thrown);
  }
}

/**
 * Opens the log for reading, also while another process writes it.
 * @returns null when there is no log yet
 * @throws Fault as openDatabase
 */
export function openDatabaseForReading(home: string): LogDatabase | null {
  const path = databasePath(home);
  if (!existsSync(path)) return null;
  try {
    return openForReading(path);
  } catch (thrown) {
    if (!needsWritableFolder(thrown)) throw logFault(thrown);
    return openCopy(path);
  }
}

/**
 * The same where nothing can be written, and nobody else writes: a log of an earlier Squelch is brought up to date in a
 * copy.
 * @returns null when there is no log yet
 * @throws Fault as openDatabase
 */
export function openForReadingOnly(home: string): LogDatabase | null {
  try {
    return openDatabaseForReading(home);
  } catch (thrown) {
    if (!isFromThePast(thrown)) throw thrown;
    return openCopy(databasePath(home), openDatabaseFile);
  }
}

/** Even to read, SQLite puts a file beside a database that was written ahead of. */
function needsWritableFolder(thrown: unknown): boolean {
  const { code = '' } = thrown as { code?: string };
  return ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_FULL', 'SQLITE_IOERR_SHM'].some((kind) =>
    code.startsWith(kind),
  );
}

/** From where nothing can be written the log is read in a copy, which is gone with the connection. */
function openCopy(path: string, openFile = openForReading): LogDatabase {
  let folder: string | null = null;
  try {
    folder = makeCopyFolder();
    const copy = join(folder, basename(path));
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    const database = openFile(copy);
    database.prepare('SELECT id FROM log').get();
    return database;
  } catch (thrown) {
    throw copyFault(thrown);
  } finally {
    if (folder) removeCopyFolder(folder);
  }
}

/**
 * Opens for reading what an earlier Squelch has written too, a backup for instance: in a copy that is brought up to date
 * and gone with the connection. What is there stays as it is.
 * @returns null when there is no log
 * @throws Fault as openDatabase
 */
export async function openAnyForReading(home: string): Promise<LogDatabase | null> {
  try {
    return openDatabaseForReading(home);
  } catch (thrown) {
    if (!isFromThePast(thrown)) throw thrown;
    return openUpToDate(databasePath(home));
  }
}

function isFromThePast(thrown: unknown): boolean {
  return thrown instanceof Fault && thrown.code === FROM_THE_PAST;
}

async function openUpToDate(path: string): Promise<LogDatabase> {
  let folder: string | null = null;
  try {
    folder = makeCopyFolder();
    const copy = join(folder, basename(path));
    const original = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      await original.backup(copy);
    } finally {
      original.close();
    }
    return openDatabaseFile(copy);
  } catch (thrown) {
    throw copyFault(thrown);
  } finally {
    if (folder) removeCopyFolder(folder);
  }
}

/**
 * Copies a log as it stands, of whatever schema, with what was written ahead, also while somebody writes it.
 * @throws SQLite's and the file system's errors as they are
 */
export async function copyDatabase(home: string, target: string): Promise<void> {
  const path = databasePath(home);
  try {
    const original = openToLook(path);
    try {
      await original.backup(target);
    } finally {
      original.close();
    }
  } catch (thrown) {
    if (!needsWritableFolder(thrown)) throw thrown;
    // Nobody writes where nothing can be written.
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, target + suffix);
    const copy = new Database(target);
    copy.pragma('wal_checkpoint(TRUNCATE)');
    copy.close();
  }
}

/** It is not the log's own disk that is full. */
function copyFault(thrown: unknown): Fault {
  const fault = logFault(thrown);
  if (!COPY_TROUBLES.has(fault.code)) return fault;
  const { message } = thrown as Error;
  return new Fault('log-not-copied', `The log can’t be read where it is, nor in a copy in ${tmpdir()} (${message}).`, {
    hint: 'Make the data folder readable, and free some space there or name another folder in TMPDIR.',
    stage: 'log',
    cause: thrown,
  });
}

/** @throws SQLite's errors as they are */
function openForReading(path: string): LogDatabase {
  refuseUnknown(path);
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  const version = schemaVersion(database);
  if (version === NEWEST) return database;
  database.close();
  throw new Fault(FROM_THE_PAST, `The log has schema ${version}; this Squelch reads schema ${NEWEST}.`, {
    hint: 'Start Squelch once: it brings the log up to date.',
    stage: 'log',
  });
}

function prepare(database: LogDatabase): void {
  const sqlite = sqliteVersion(database);
  if (compareVersions(sqlite, OLDEST_SQLITE) < 0) {
    throw new Fault('sqlite-too-old', `SQLite ${sqlite} can lose commits; ${OLDEST_SQLITE} or newer is needed.`, {
      hint: 'Install the dependencies again: npm ci.',
      stage: 'log',
    });
  }
  // Possible in a new file only: pages that redaction frees can then be given back.
  if (database.pragma('page_count', { simple: true }) === 0) database.pragma('auto_vacuum = INCREMENTAL');
  const mode = database.pragma('journal_mode = WAL', { simple: true });
  database.pragma('synchronous = FULL');
  // What is deleted is overwritten.
  database.pragma('secure_delete = ON');
  database.pragma('foreign_keys = ON');
  migrate(database);
  database.prepare('SELECT id FROM log').get();
  // better-sqlite3 is compiled to fall back to NORMAL in WAL mode, so this is asked after a read.
  const synchronous = database.pragma('synchronous', { simple: true });
  if (mode !== 'wal' || synchronous !== SYNCHRONOUS_FULL) {
    throw new Fault('log-not-durable', `The log would not survive a power cut (${mode}, synchronous ${synchronous}).`, {
      hint: 'Keep the data folder on a local disk: network folders can’t hold it.',
      stage: 'log',
    });
  }
}

/** Looks before anything could change the file: a read-only connection neither migrates nor checkpoints. */
function refuseUnknown(path: string): void {
  if (!existsSync(path) || statSync(path).size === 0) return;
  const database = openToLook(path);
  try {
    const version = schemaVersion(database);
    const empty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
    if (!empty && database.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
      throw new Fault('log-foreign', `${path} is a database, but not a log of Squelch.`, {
        hint: 'Move it away, or choose another data folder with --home.',
        stage: 'log',
      });
    }
    if (version > NEWEST) {
      throw new Fault('log-from-the-future', `The log has schema ${version}; this Squelch knows up to ${NEWEST}.`, {
        hint: 'Use the newer Squelch that wrote it, or choose another data folder with --home.',
        stage: 'log',
      });
    }
  } finally {
    database.close();
  }
}

/** A database that was killed while it was made, before it was written ahead, can be read once a writer has rolled it back. */
function openToLook(path: string): LogDatabase {
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    schemaVersion(database);
    return database;
  } catch (thrown) {
    database.close();
    if ((thrown as { code?: string }).code !== 'SQLITE_READONLY_ROLLBACK') throw thrown;
    return new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  }
}

function migrate(database: LogDatabase): void {
  for (const migration of MIGRATIONS.slice(schemaVersion(database))) {
    database
      .transaction(() => {
        database.exec(migration.sql);
        database.pragma(`application_id = ${APPLICATION_ID}`);
        database.pragma(`user_version = ${migration.version}`);
      })
      .immediate();
  }
}

/** Lets SQLite make its way through all pages; what they hold is for the chain to prove. @throws Fault `log-damaged` */
export function assertWhole(database: LogDatabase): void {
  const finding = database.pragma('quick_check(1)', { simple: true });
  if (finding === 'ok') return;
  throw logFault(Object.assign(new Error(String(finding)), { code: 'SQLITE_CORRUPT' }));
}

/** @returns what is in the schema and should not be, or the other way round: `index turn_by_session` */
export function schemaDifferences(database: LogDatabase): string[] {
  const expected = new Database(':memory:');
  try {
    migrate(expected);
    const [ours, theirs] = [schemaOf(expected), schemaOf(database)];
    return [...new Set([...ours.keys(), ...theirs.keys()])].filter((name) => ours.get(name) !== theirs.get(name));
  } finally {
    expected.close();
  }
}

function schemaOf(database: LogDatabase): Map<string, string> {
  const rows = database
    .prepare<[], [string, string]>(
      "SELECT type || ' ' || name, tbl_name || ': ' || coalesce(sql, '') FROM sqlite_schema",
    )
    .raw()
    .all();
  return new Map(rows);
}

export function sqliteVersion(database: LogDatabase): string {
  return database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
}

function schemaVersion(database: LogDatabase): number {
  return database.pragma('user_version', { simple: true }) as number;
}

function compareVersions(a: string, b: string): number {
  const right = b.split('.').map(Number);
  for (const [index, part] of a.split('.').map(Number).entries()) {
    const difference = part - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
