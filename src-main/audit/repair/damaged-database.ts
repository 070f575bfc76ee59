/**
 * Reads what can be read of a damaged database, row by row. SQLite gives up a whole query at the first bad page; rows
 * asked for by their number still come from every page that is whole.
 */
import Database from 'better-sqlite3';

export interface DamagedDatabase {
  /** The log's id; null when it can't be read. */
  logId(): Uint8Array | null;
  /** Rows of a table that can be read, in the order of their rowid. */
  rows(table: 'entry' | 'content' | 'part'): Generator<Record<string, unknown>>;
  close(): void;
}

/** Row numbers without a gap that are tried after the last row that could be read, where the table can't tell its end. */
const TRIED_BEYOND = 20_000;

/** @param path opened for reading only. @returns null when it is no database any more */
export function openDamaged(path: string): DamagedDatabase | null {
  let database: Database.Database;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true });
    database.unsafeMode(true);
    database.prepare('SELECT 1 FROM sqlite_schema').get();
  } catch {
    return null;
  }

  function attempt<T>(work: () => T): T | null {
    try {
      return work();
    } catch {
      return null;
    }
  }

  return {
    logId: () => attempt(() => database.prepare<[], Uint8Array>('SELECT id FROM log').pluck().get()) ?? null,
    *rows(table) {
      const after = attempt(() =>
        database.prepare<[number], { row: number }>(
          `SELECT rowid AS row, * FROM ${table} NOT INDEXED WHERE rowid > ? ORDER BY rowid`,
        ),
      );
      const one = attempt(() =>
        database.prepare<[number], { row: number }>(`SELECT rowid AS row, * FROM ${table} NOT INDEXED WHERE rowid = ?`),
      );
      if (!after || !one) return;
      const newest = attempt(() =>
        database.prepare<[], number>(`SELECT max(rowid) FROM ${table} NOT INDEXED`).pluck().get(),
      );
      let last = 0;
      while (true) {
        try {
          for (const row of after.iterate(last)) {
            last = row.row;
            yield row;
          }
          return;
        } catch {
          // A bad page: on from the next row that can be read.
          const found = nextReadable(last, newest ?? last + TRIED_BEYOND, (number) => attempt(() => one.get(number)));
          if (!found) return;
          last = found.row;
          yield found;
        }
      }
    },
    close: () => void database.close(),
  };
}

function nextReadable<T>(after: number, until: number, read: (row: number) => T | null | undefined): T | null {
  for (let row = after + 1; row <= until; row++) {
    const found = read(row);
    if (found) return found;
  }
  return null;
}
