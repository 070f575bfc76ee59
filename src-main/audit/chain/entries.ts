/** The growing end of the chain: appends entries with their contents. Always inside a transaction of the caller. */

import type { LogDatabase } from '../store/database.ts';
import { commit, GENESIS, hashEntry, type Manifest, newSalt } from './chain.ts';
import { createPartWriter, type Part } from './parts.ts';
import { type EntryKind, JSON_TYPE } from './records.ts';

/** Content to be stored in the database. */
export interface StoredContent {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  /** That `bytes` name. */
  readonly parts?: readonly Part[];
}

/** Sound in a file of its own, already on disk and committed to. */
export interface FiledContent {
  readonly name: string;
  readonly type: string;
  /** Relative to the home folder, with forward slashes. */
  readonly file: string;
  readonly salt: Uint8Array;
  readonly length: number;
  readonly commitment: string;
}

export type Content = StoredContent | FiledContent;

export interface NewEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: EntryKind;
  /** null for what concerns the log as a whole. */
  readonly sessionId: string | null;
  readonly turnId: string | null;
  readonly contents: readonly Content[];
}

export interface EntryWriter {
  /** @returns its place in the log, from 1 */
  append(entry: NewEntry): number;
}

export function jsonContent(name: string, value: unknown): StoredContent {
  return { name, type: JSON_TYPE, bytes: Buffer.from(JSON.stringify(value), 'utf8') };
}

export function createEntryWriter(database: LogDatabase): EntryWriter {
  const logId = database.prepare<[], Uint8Array>('SELECT id FROM log').pluck().get();
  if (!logId) throw new Error('the log has no id');
  const head = database.prepare<[], { seq: number; hash: Uint8Array }>(
    'SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1',
  );
  const insertEntry = database.prepare(
    'INSERT INTO entry (seq, at, kind, session_id, turn_id, prev, manifest, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const insertContent = database.prepare(
    'INSERT INTO content (entry_seq, name, type, length, salt, bytes, file) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const keepParts = createPartWriter(database);
  return {
    append({ at, kind, sessionId, turnId, contents }) {
      const last = head.get();
      const seq = (last?.seq ?? 0) + 1;
      const prev = last?.hash ?? GENESIS;
      const sealed = contents.map(seal);
      const manifest: Manifest = {
        at,
        kind,
        sessionId,
        turnId,
        contents: sealed.map(({ name, type, length, commitment }) => ({ name, type, length, commitment })),
      };
      const bytes = Buffer.from(JSON.stringify(manifest), 'utf8');
      insertEntry.run(seq, at, kind, sessionId, turnId, prev, bytes, hashEntry(logId, seq, prev, bytes));
      for (const content of sealed) {
        const { name, type, length, salt, bytes, file } = content;
        const { lastInsertRowid } = insertContent.run(seq, name, type, length, salt, bytes, file);
        if ('parts' in content && content.parts) keepParts(lastInsertRowid, content.parts);
      }
      return seq;
    },
  };
}

function seal(content: Content) {
  if ('file' in content) return { ...content, bytes: null };
  const salt = newSalt();
  const { type, bytes } = content;
  return { ...content, length: bytes.length, salt, commitment: commit(type, bytes, salt), file: null };
}
