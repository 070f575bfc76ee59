/** Data folders that earlier versions of Squelch wrote and were killed over; what is in them is told in `logs/README.md`. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { unzipSync } from 'fflate';
import { temporaryHome } from './audit.ts';

const FOLDER = join(import.meta.dirname, 'logs');

/** Versions of the schema that a log is stored of. */
export const STORED_SCHEMAS: readonly number[] = readdirSync(FOLDER)
  .flatMap((name) => /^schema-(\d+)\.zip$/.exec(name)?.[1] ?? [])
  .map(Number)
  .sort((a, b) => a - b);

/** @returns a copy of it, to be written to */
export function storedHome(schema: number): string {
  const home = temporaryHome();
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(FOLDER, `schema-${schema}.zip`))))) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), bytes);
  }
  return home;
}

/** What its writer left: the schema's version and every entry's hash. */
export function storedChain(home: string): { version: unknown; hashes: string[] } {
  const database = new Database(join(home, 'log', 'squelch.db'));
  const hashes = database.prepare<[], string>('SELECT hex(hash) FROM entry ORDER BY seq').pluck().all();
  const version = database.pragma('user_version', { simple: true });
  database.close();
  return { version, hashes };
}
