import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { databasePath, openDatabase, openDatabaseForReading } from '../../../src-main/audit/store/database.ts';
import { temporaryHome } from '../../support/audit.ts';

function writeDatabase(home: string, sql: string): string {
  const path = databasePath(home);
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  database.exec(sql);
  database.close();
  return path;
}

it('is durable: write-ahead log, full synchronisation, foreign keys', () => {
  const database = openDatabase(temporaryHome());
  database.prepare('SELECT * FROM entry').all();
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(database.pragma('synchronous', { simple: true })).toBe(2);
  expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
  database.close();
});

it('overwrites what is deleted, and can give its pages back', () => {
  const home = temporaryHome();
  for (let opening = 0; opening < 2; opening++) {
    const database = openDatabase(home);
    expect(database.pragma('secure_delete', { simple: true })).toBe(1);
    expect(database.pragma('auto_vacuum', { simple: true })).toBe(2);
    database.close();
  }
});

it('takes only values of the declared types', () => {
  const database = openDatabase(temporaryHome());
  const tables = database.pragma('table_list') as { name: string; type: string; strict: number; schema: string }[];
  const ours = tables.filter(({ type, name }) => type === 'table' && !name.startsWith('sqlite_'));
  expect(ours.map(({ name }) => name).sort()).toEqual([
    'content',
    'content_part',
    'entry',
    'log',
    'part',
    'session',
    'spoken',
    'turn',
  ]);
  expect(ours.every(({ strict }) => strict === 1)).toBe(true);
  database.close();
});

it('rolls back what a process that was killed while it made the file has left', () => {
  const home = temporaryHome();
  const path = databasePath(home);
  mkdirSync(dirname(path), { recursive: true });
  const killed = new Database(`${path}.killed`);
  killed.exec('CREATE TABLE draft (bytes BLOB); DROP TABLE draft; PRAGMA cache_size = 1; BEGIN');
  killed.exec('CREATE TABLE draft (bytes BLOB); INSERT INTO draft VALUES (zeroblob(1000000))');
  for (const suffix of ['', '-journal']) copyFileSync(`${path}.killed${suffix}`, `${path}${suffix}`);
  killed.close();
  const database = openDatabase(home);
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE name IN ('draft', 'entry')").pluck().all()).toEqual([
    'entry',
  ]);
  database.close();
});

it('opens again what it made', () => {
  const home = temporaryHome();
  const first = openDatabase(home);
  const id = first.prepare('SELECT hex(id) FROM log').pluck().get();
  first.close();
  const second = openDatabase(home);
  expect(second.prepare('SELECT hex(id) FROM log').pluck().all()).toEqual([id]);
  second.close();
});

it('refuses a log from the future and does not touch it', () => {
  const home = temporaryHome();
  openDatabase(home).close();
  const path = writeDatabase(home, 'PRAGMA journal_mode = DELETE; PRAGMA user_version = 999');
  const before = readFileSync(path);
  expect(() => openDatabase(home)).toThrow(expect.objectContaining({ code: 'log-from-the-future', stage: 'log' }));
  expect(() => openDatabaseForReading(home)).toThrow(expect.objectContaining({ code: 'log-from-the-future' }));
  expect(readFileSync(path).equals(before)).toBe(true);
});

it('refuses a database that is not ours and does not touch it', () => {
  const home = temporaryHome();
  const path = writeDatabase(home, 'CREATE TABLE recipes (name TEXT)');
  const before = readFileSync(path);
  expect(() => openDatabase(home)).toThrow(expect.objectContaining({ code: 'log-foreign' }));
  expect(readFileSync(path).equals(before)).toBe(true);
});

it('says of a file that is no database that it is damaged, and leaves it', () => {
  const home = temporaryHome();
  const path = databasePath(home);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'These are not the bytes you are looking for. '.repeat(100));
  expect(() => openDatabase(home)).toThrow(expect.objectContaining({ code: 'log-damaged' }));
  expect(readFileSync(path, 'utf8')).toContain('not the bytes');
});

it('says of a damaged database that it is damaged', () => {
  const home = temporaryHome();
  openDatabase(home).close();
  const path = databasePath(home);
  const bytes = readFileSync(path);
  bytes.fill(0x55, 100, 4096);
  writeFileSync(path, bytes);
  expect(() => openDatabase(home)).toThrow(expect.objectContaining({ code: 'log-damaged' }));
});

it('says that it can’t write where a file is in the way', () => {
  const home = temporaryHome();
  writeFileSync(dirname(databasePath(home)), '');
  expect(() => openDatabase(home)).toThrow(expect.objectContaining({ code: 'log-not-writable', stage: 'log' }));
});

it('reads while another connection writes, and cannot write itself', () => {
  const home = temporaryHome();
  expect(openDatabaseForReading(home)).toBeNull();
  const writer = openDatabase(home);
  writer.exec('BEGIN IMMEDIATE');
  const reader = openDatabaseForReading(home);
  expect(reader?.prepare('SELECT count(*) FROM entry').pluck().get()).toBe(0);
  expect(() => reader?.exec('DELETE FROM log')).toThrow(/readonly/);
  reader?.close();
  writer.close();
});
