/**
 * A full-text index of a folder of text files, in memory: SQLite's FTS5, ranked by BM25. It follows the folder, and
 * keeps nothing of the documents once it is closed.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../../fault.ts';
import { passagesOf } from './passages.ts';

const EXTENSIONS = new Set(['.md', '.markdown', '.txt', '.text', '.rst', '.org', '.csv', '.html', '.htm']);
/** Bigger ones are data rather than documents. */
const LARGEST_FILE = 5_000_000;
const MOST_FILES = 10_000;

export interface Passage {
  /** Relative to the folder. */
  readonly file: string;
  readonly text: string;
}

export class DocumentIndex {
  readonly folder: string;
  readonly #database = new Database(':memory:');
  /** When each indexed file was changed and how long it was then. */
  readonly #versions = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
    this.#database.exec(
      `CREATE VIRTUAL TABLE passages USING fts5(file UNINDEXED, text, tokenize = "unicode61 remove_diacritics 2")`,
    );
  }

  /** Takes in what changed in the folder since the last time. @throws Fault `documents-unreadable` */
  async refresh(): Promise<void> {
    const found = new Map<string, string>();
    for (const file of (await this.#files()).slice(0, MOST_FILES)) {
      const info = await stat(join(this.folder, file)).catch(() => null);
      if (info?.isFile() && info.size <= LARGEST_FILE) found.set(file, `${info.mtimeMs}/${info.size}`);
    }
    for (const file of this.#versions.keys()) if (!found.has(file)) this.#forget(file);
    for (const [file, version] of found) {
      if (this.#versions.get(file) === version) continue;
      const text = await readFile(join(this.folder, file), 'utf8').catch(() => '');
      this.#forget(file);
      this.#add(file, text);
      this.#versions.set(file, version);
    }
  }

  /** The passages that have most in common with `words`, the best first. */
  search(words: string, most: number): Passage[] {
    const terms = [...new Set(words.match(/[\p{L}\p{N}]+/gu) ?? [])].filter((term) => term.length > 2);
    if (terms.length === 0) return [];
    const query = terms.map((term) => `"${term}"`).join(' OR ');
    return this.#database
      .prepare<[string, number], Passage>(
        'SELECT file, text FROM passages WHERE passages MATCH ? ORDER BY bm25(passages) LIMIT ?',
      )
      .all(query, most);
  }

  close(): void {
    this.#database.close();
  }

  #add(file: string, text: string): void {
    const insert = this.#database.prepare('INSERT INTO passages (file, text) VALUES (?, ?)');
    this.#database.transaction(() => {
      for (const passage of passagesOf(text)) insert.run(file, passage);
    })();
  }

  #forget(file: string): void {
    if (!this.#versions.delete(file)) return;
    this.#database.prepare('DELETE FROM passages WHERE file = ?').run(file);
  }

  async #files(): Promise<string[]> {
    try {
      const entries = await readdir(this.folder, { recursive: true });
      return entries.filter((entry) => EXTENSIONS.has(extname(entry).toLowerCase())).sort();
    } catch (cause) {
      throw new Fault('documents-unreadable', `The documents in ${this.folder} can not be read`, {
        hint: 'Check in Settings that the folder is still there and may be read.',
        stage: 'hook',
        cause,
      });
    }
  }
}
