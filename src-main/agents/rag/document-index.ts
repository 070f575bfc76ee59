/**
 * A full-text index of a folder of documents, in memory: SQLite's FTS5, ranked by BM25. It follows the folder, and
 * keeps nothing of the documents once it is closed.
 */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../../fault.ts';
import { documentFiles } from './document-files.ts';
import { passagesOf } from './passages.ts';
import { plainText, withoutMarkup } from './plain-text.ts';

/** Of the best passage's score: with less a passage has but small words in common with the question. */
const LEAST_SHARE = 0.1;
/** Of scripts that set no spaces between words: each of these counts as one. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu;
/** Sets words apart for the index and has no width. */
const JOINT = '\u200B';

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
  #refreshed: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.folder = folder;
    this.#database.exec(
      `CREATE VIRTUAL TABLE passages USING fts5(
        file UNINDEXED, text, tokenize = "porter unicode61 remove_diacritics 2"
      )`,
    );
  }

  /** Takes in what changed in the folder since the last time, one refresh after the other. @throws Fault `documents-unreadable` */
  refresh(): Promise<void> {
    this.#refreshed = this.#refreshed.catch(() => {}).then(() => this.#takeIn());
    return this.#refreshed;
  }

  /** The passages that have most in common with `words`, the best first. */
  search(words: string, most: number): Passage[] {
    const terms = termsOf(words);
    if (terms.length === 0) return [];
    const found = this.#database
      .prepare<[string, number], Passage & { score: number }>(
        'SELECT file, text, -bm25(passages) AS score FROM passages WHERE passages MATCH ? ORDER BY score DESC LIMIT ?',
      )
      .all(terms.map((term) => `"${term}"`).join(' OR '), most);
    const [best] = found;
    return found
      .filter(({ score }) => best && score >= best.score * LEAST_SHARE)
      .map(({ file, text }) => ({ file, text: text.replaceAll(JOINT, '') }));
  }

  close(): void {
    this.#database.close();
  }

  async #takeIn(): Promise<void> {
    const found = await this.#files();
    for (const file of this.#versions.keys()) if (!found.has(file)) this.#forget(file);
    for (const [file, version] of found) {
      if (this.#versions.get(file) === version) continue;
      const bytes = await readFile(join(this.folder, file)).catch(() => Buffer.alloc(0));
      if (!this.#database.open) return;
      this.#forget(file);
      this.#add(file, textOf(file, bytes));
      this.#versions.set(file, version);
    }
  }

  #add(file: string, text: string): void {
    const insert = this.#database.prepare('INSERT INTO passages (file, text) VALUES (?, ?)');
    this.#database.transaction(() => {
      for (const passage of passagesOf(text)) insert.run(file, passage.replace(UNSPACED, `$&${JOINT}`));
    })();
  }

  #forget(file: string): void {
    if (!this.#versions.delete(file)) return;
    this.#database.prepare('DELETE FROM passages WHERE file = ?').run(file);
  }

  async #files(): Promise<Map<string, string>> {
    try {
      return await documentFiles(this.folder);
    } catch (cause) {
      throw new Fault('documents-unreadable', `The documents in ${this.folder} can not be read`, {
        hint: 'Check in Settings that the folder is still there and may be read.',
        stage: 'hook',
        cause,
      });
    }
  }
}

function textOf(file: string, bytes: Uint8Array): string {
  const text = plainText(bytes);
  return /^\.html?$/i.test(extname(file)) ? withoutMarkup(text) : text;
}

/** Short words say little, unless they are numbers or names. */
function termsOf(words: string): string[] {
  const terms = (words.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).flatMap((word) => {
    const signs = word.match(UNSPACED) ?? [];
    if (signs.length > 1) return signs.slice(1).map((sign, index) => `${signs[index]} ${sign}`);
    return word.length > 2 || /\p{N}|^\p{Lu}{2}$/u.test(word) ? [word] : signs;
  });
  return [...new Set(terms)];
}
