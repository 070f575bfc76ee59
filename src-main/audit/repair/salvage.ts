/**
 * A damaged database is set aside, never deleted, and what can be read of it is carried over into a new one: the same
 * log, with the same hashes, and an entry that says what is missing. The new file is complete before the old one moves.
 */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Fault } from '../../fault.ts';
import { anchorFolder, newestAnchor } from '../chain/anchors.ts';
import type { Manifest } from '../chain/chain.ts';
import { createEntryWriter, jsonContent } from '../chain/entries.ts';
import { linkParts } from '../chain/parts.ts';
import type { OutcomeRecord, RecoveryRecord, SessionRecord, TurnRecord } from '../chain/records.ts';
import { syncFolderOf } from '../store/audio-files.ts';
import { assertWhole, databasePath, type LogDatabase, openDatabase, openDatabaseFile } from '../store/database.ts';
import { logFault } from '../store/storage-fault.ts';
import { type DamagedDatabase, openDamaged } from './damaged-database.ts';

const SIDE_FILES = ['-wal', '-shm'];
const ENTRIES_AT_ONCE = 500;

/** Opens the log for writing; a damaged one is replaced by what can be saved of it. @throws Fault as openDatabase */
export function openOrSalvage(home: string): { database: LogDatabase; salvaged: RecoveryRecord | null } {
  finishReplacement(home);
  // The write-ahead log is gone after an end in order. A database that was cut off is looked through.
  const path = databasePath(home);
  const cutOff = sizeOf(`${path}-wal`) > 0;
  // SQLite would begin a new database and throw away what was written ahead of the one that is gone.
  if (cutOff && sizeOf(path) === 0) return salvage(home, 'the database is gone; what was written ahead of it is kept');
  try {
    return { database: openChecked(home, cutOff), salvaged: null };
  } catch (thrown) {
    const fault = logFault(thrown);
    if (fault.code !== 'log-damaged') throw fault;
    return salvage(home, reasonOf(fault));
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function openChecked(home: string, cutOff: boolean): LogDatabase {
  const database = openDatabase(home);
  try {
    if (cutOff) assertWhole(database);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function salvage(home: string, reason: string): { database: LogDatabase; salvaged: RecoveryRecord } {
  try {
    const at = new Date();
    const keptAs = `log/damaged-${at.toISOString().replaceAll(':', '-')}`;
    for (const suffix of ['', ...SIDE_FILES]) rmSync(savedPath(home) + suffix, { force: true });
    const saved = openDatabaseFile(savedPath(home));
    const damaged = openDamaged(databasePath(home));
    const carried = damaged ? carryOver(damaged, saved, knownLogId(home, damaged)) : NOTHING;
    damaged?.close();
    const record: RecoveryRecord = { reason, keptAs, ...carried };
    saved
      .transaction(() => {
        const contents = [jsonContent('recovery', record)];
        createEntryWriter(saved).append({
          at: at.getTime(),
          kind: 'log_recovered',
          sessionId: null,
          turnId: null,
          contents,
        });
      })
      .immediate();
    saved.pragma('wal_checkpoint(TRUNCATE)');
    saved.close();
    setAside(home, join(home, ...keptAs.split('/')));
    finishReplacement(home);
    return { database: openDatabase(home), salvaged: record };
  } catch (thrown) {
    throw logFault(thrown);
  }
}

type Carried = Pick<RecoveryRecord, 'entries' | 'lostEntries' | 'lostContents'>;
const NOTHING: Carried = { entries: 0, lostEntries: [], lostContents: [] };

/** The id is what makes hashes verify: without it nothing that is carried over would prove anything. */
function knownLogId(home: string, damaged: DamagedDatabase): Uint8Array | null {
  return damaged.logId() ?? anchoredLogId(home);
}

function anchoredLogId(home: string): Uint8Array | null {
  try {
    const anchor = newestAnchor(anchorFolder(home), null);
    return anchor && Buffer.from(anchor.log, 'hex');
  } catch {
    return null;
  }
}

function carryOver(damaged: DamagedDatabase, saved: LogDatabase, logId: Uint8Array | null): Carried {
  if (logId?.length !== 16) return NOTHING;
  saved.prepare('UPDATE log SET id = ?').run(logId);
  const writer = new Writer(saved);
  inBatches(saved, damaged.rows('entry'), (row) => writer.entry(row));
  inBatches(saved, damaged.rows('content'), (row) => writer.content(row));
  inBatches(saved, damaged.rows('part'), (row) => writer.part(row));
  linkParts(saved);
  return writer.finish();
}

/** Copies rows as they are, so that what was altered is still found; a row that breaks the schema's rules is lost. */
class Writer {
  readonly #saved: LogDatabase;
  readonly #insertEntry;
  readonly #insertContent;
  readonly #insertPart;

  constructor(saved: LogDatabase) {
    this.#saved = saved;
    this.#insertEntry = saved.prepare(
      `INSERT INTO entry (seq, at, kind, session_id, turn_id, prev, manifest, hash)
        VALUES (@seq, @at, @kind, @session_id, @turn_id, @prev, @manifest, @hash)`,
    );
    this.#insertContent = saved.prepare(
      `INSERT INTO content (id, entry_seq, name, type, length, salt, bytes, file)
        VALUES (@id, @entry_seq, @name, @type, @length, @salt, @bytes, @file)`,
    );
    this.#insertPart = saved.prepare('INSERT INTO part (id, sha256, bytes) VALUES (@id, @sha256, @bytes)');
  }

  part(row: object): void {
    this.#insertPart.run(row);
  }

  entry(row: object): void {
    this.#insertEntry.run(row);
  }

  content(row: object): void {
    this.#insertContent.run(row);
  }

  /** Makes the index anew, and takes stock. */
  finish(): Carried {
    const rows = this.#saved
      .prepare<
        [],
        { seq: number; at: number; kind: string; session_id: string | null; turn_id: string | null; manifest: Buffer }
      >('SELECT seq, at, kind, session_id, turn_id, manifest FROM entry ORDER BY seq')
      .all();
    const lostEntries: [number, number][] = [];
    const lostContents: { seq: number; name: string }[] = [];
    const namesOf = this.#saved.prepare<[number], string>('SELECT name FROM content WHERE entry_seq = ?').pluck();
    const index = indexWriter(this.#saved);
    let last = 0;
    this.#saved.transaction(() => {
      for (const row of rows) {
        if (row.seq > last + 1) lostEntries.push([last + 1, row.seq - 1]);
        last = row.seq;
        const names = new Set(namesOf.all(row.seq));
        for (const { name } of declaredIn(row.manifest)) {
          if (!names.has(name)) lostContents.push({ seq: row.seq, name });
        }
        index(row);
      }
    })();
    return { entries: rows.length, lostEntries, lostContents };
  }
}

interface IndexedEntry {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly session_id: string | null;
  readonly turn_id: string | null;
}

/** Rows for every session and turn that any entry speaks of, also where the entry that began it is lost. */
function indexWriter(saved: LogDatabase): (entry: IndexedEntry) => void {
  const contentOf = saved
    .prepare<[number, string], Uint8Array>('SELECT bytes FROM content WHERE entry_seq = ? AND name = ?')
    .pluck();
  const session = saved.prepare(
    'INSERT OR IGNORE INTO session (id, started_at, agent_id) VALUES (@session_id, @at, @agentId)',
  );
  const turn = saved.prepare(
    `INSERT OR IGNORE INTO turn (id, session_id, started_at, source, retry_of)
      VALUES (@turn_id, @session_id, @at, @source, @retryOf)`,
  );
  const end = saved.prepare('UPDATE turn SET ended_at = @at, outcome = @outcome WHERE id = @turn_id');
  const deleteTurns = saved.prepare('DELETE FROM turn WHERE session_id = @session_id');
  const deleteSession = saved.prepare('DELETE FROM session WHERE id = @session_id');

  const read = <T>(seq: number, name: string): T | null => {
    const bytes = contentOf.get(seq, name);
    return bytes ? parse<T>(bytes) : null;
  };

  return (entry) => {
    const { seq, at, kind, session_id, turn_id } = entry;
    if (session_id === null) return;
    if (kind === 'session_deleted') {
      deleteTurns.run({ session_id });
      deleteSession.run({ session_id });
      return;
    }
    session.run({ session_id, at, agentId: read<SessionRecord>(seq, 'session')?.agentId ?? UNKNOWN });
    if (turn_id === null) return;
    const record = read<TurnRecord>(seq, 'turn');
    turn.run({ turn_id, session_id, at, source: record?.source ?? 'text', retryOf: record?.retryOf ?? null });
    if (kind !== 'turn_ended' && kind !== 'turn_crashed') return;
    end.run({ turn_id, at, outcome: read<OutcomeRecord>(seq, 'outcome')?.outcome ?? 'crashed' });
  };
}

const UNKNOWN = 'unknown';

function inBatches(database: LogDatabase, rows: Iterable<object>, insert: (row: object) => void): void {
  let batch: object[] = [];
  const write = database.transaction(() => {
    for (const row of batch) {
      try {
        insert(row);
      } catch (thrown) {
        if (!isBrokenRule(thrown)) throw thrown;
      }
    }
    batch = [];
  });
  for (const row of rows) {
    batch.push(row);
    if (batch.length === ENTRIES_AT_ONCE) write();
  }
  write();
}

/** The row itself is what is wrong: a value of another type, a reference to an entry that is lost. */
function isBrokenRule(thrown: unknown): boolean {
  const { code = '' } = thrown as { code?: string };
  return code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_MISMATCH' || thrown instanceof TypeError;
}

function declaredIn(manifest: Uint8Array): Manifest['contents'] {
  return parse<Manifest>(manifest)?.contents ?? [];
}

function parse<T>(bytes: Uint8Array): T | null {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}

/** Side files first: a new database must never meet the write-ahead log of the old one. */
function setAside(home: string, folder: string): void {
  const path = databasePath(home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const suffix of [...SIDE_FILES, '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, join(folder, basename(path) + suffix));
  }
  syncFolderOf(join(folder, 'any'));
  syncFolderOf(path);
}

/** Cut off between the two moves, the next start does the second. */
function finishReplacement(home: string): void {
  const path = databasePath(home);
  if (existsSync(path) || !existsSync(savedPath(home))) return;
  renameSync(savedPath(home), path);
  syncFolderOf(path);
}

function savedPath(home: string): string {
  return join(dirname(databasePath(home)), 'saved.db');
}

function reasonOf({ cause, message }: Fault): string {
  return cause instanceof Error ? cause.message : message;
}
