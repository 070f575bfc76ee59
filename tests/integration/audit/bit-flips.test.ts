import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { databasePath, type LogDatabase, openDatabaseForReading } from '../../../src-main/audit/store/database.ts';
import { verifyChain } from '../../../src-main/audit/verify/verify.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript, noise } from '../../support/turns.ts';

const FLIPS = 200;
/** Of them in the database; the others are in the sound. */
const IN_DATABASE = 150;

function usedHome(): string {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  for (const session of ['session-1', 'session-2']) {
    const script = new EventScript(log.record, session);
    for (let turn = 0; turn < 5; turn++) {
      script.wholeTurn(`${session}-turn-${turn}`, { user: `Word ${turn} `.repeat(40 * turn), reply: 'Noted.' });
    }
  }
  close();
  return home;
}

/** What is read from an index alone, never from its table. */
const INDEXES = [
  ['entry_by_turn', 'entry', 'turn_id, kind, seq', 'turn_id IS NOT NULL'],
  ['entry_by_session', 'entry', 'session_id, kind, seq', 'session_id IS NOT NULL'],
  ['sqlite_autoindex_content_1', 'content', 'entry_seq, name', 'entry_seq > 0'],
  ['session_by_start', 'session', 'started_at, id', 'started_at > 0'],
  ['turn_by_session', 'turn', 'session_id, started_at, id', "session_id > ''"],
] as const;

/**
 * Everything that the log says, but for the time at which it was made, which nothing rests on, and the index of the words
 * that it says, which can be made anew.
 */
function everything(database: LogDatabase): string {
  const tables = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'spoken_run*'")
    .pluck()
    .all();
  const rows = tables.map((table) => database.prepare(`SELECT * FROM ${table} NOT INDEXED`).raw().all());
  const indexed = INDEXES.map(([index, table, columns, where]) =>
    database.prepare(`SELECT ${columns} FROM ${table} INDEXED BY ${index} WHERE ${where}`).raw().all(),
  );
  const schema = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema').raw().all();
  return JSON.stringify([schema, rows, indexed]).replace(/"created_at":\d+/, '');
}

function read<T>(home: string, question: (database: LogDatabase) => T): T | 'refused' {
  try {
    const database = openDatabaseForReading(home);
    if (!database) return 'refused';
    try {
      return question(database);
    } finally {
      database.close();
    }
  } catch {
    return 'refused';
  } finally {
    for (const suffix of ['-wal', '-shm']) rmSync(databasePath(home) + suffix, { force: true });
  }
}

function isFound(home: string): boolean {
  const verification = read(home, (database) => verifyChain(home, database));
  return verification === 'refused' || !verification.ok;
}

/** The same places at each run. */
function places(count: number, seed: number): number[] {
  return [...new Uint16Array(noise(count * 2, seed).buffer)].reduce<number[]>((all, value, index) => {
    if (index % 2 === 0) all.push(value);
    else all[all.length - 1] = (all.at(-1) as number) * 65_536 + value;
    return all;
  }, []);
}

function flip(path: string, intact: Buffer, place: number): { undo(): void; at: number } {
  const at = place % intact.length;
  const altered = Buffer.from(intact);
  altered.writeUInt8(altered.readUInt8(at) ^ (1 << (place % 8)), at);
  writeFileSync(path, altered);
  return { at, undo: () => writeFileSync(path, intact) };
}

it(`finds ${IN_DATABASE} flipped bits in the database, wherever they change what the log says`, () => {
  const home = usedHome();
  const path = databasePath(home);
  const intact = readFileSync(path);
  const before = read(home, everything);
  expect(isFound(home)).toBe(false);
  let found = 0;
  for (const place of places(IN_DATABASE * 20, 1)) {
    if (found === IN_DATABASE) break;
    const { at, undo } = flip(path, intact, place);
    if (isFound(home)) {
      found += 1;
    } else {
      // A byte that belongs to nothing: unused space in a page.
      expect(read(home, everything) === before, `byte ${at}`).toBe(true);
    }
    undo();
  }
  expect(found).toBe(IN_DATABASE);
}, 120_000);

it(`finds ${FLIPS - IN_DATABASE} flipped bits in the sound, all of them`, () => {
  const home = usedHome();
  const files = globSync('audio/**/*.wav', { cwd: home }).map((file) => join(home, file));
  expect(files).toHaveLength(20);
  for (const place of places(FLIPS - IN_DATABASE, 2)) {
    const path = files[place % files.length] as string;
    const { at, undo } = flip(path, readFileSync(path), place);
    expect(isFound(home), `${path}, byte ${at}`).toBe(true);
    undo();
  }
  expect(isFound(home)).toBe(false);
}, 60_000);
