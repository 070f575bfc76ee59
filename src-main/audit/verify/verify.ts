/**
 * Recomputes the whole chain, contents and sound included, and names every difference: one pass over one moment of the
 * log, entry by entry, also while somebody writes it. What it can't see, by nature, is a log that was cut off at its end
 * or replaced by an older copy: that takes an anchor.
 */
import type { Verification } from '../../../src-preload/contract.ts';
import { Fault } from '../../fault.ts';
import type { Anchor } from '../chain/anchors.ts';
import { type ContentManifest, GENESIS, hashEntry, type Manifest } from '../chain/chain.ts';
import { createPartCheck, type PartCheck } from '../chain/parts.ts';
import { ENTRY_KINDS, type RecoveryRecord, type RedactionRecord } from '../chain/records.ts';
import { type LogDatabase, schemaDifferences } from '../store/database.ts';
import type { EntryRow } from './entry-row.ts';
import { type ContentRow, checkContent } from './verify-content.ts';
import { createIndexCheck } from './verify-index.ts';
import { createRedactionCheck } from './verify-redactions.ts';

export type Problem = Verification['problems'][number];
export type ProblemKind = Problem['kind'];

export interface VerifyOptions {
  /** Only the contents of this session; the chain itself is always checked in whole. */
  readonly sessionId?: string | null;
  readonly anchors?: readonly Anchor[];
  /** Called every few hundred entries. */
  readonly onProgress?: (checked: number, of: number) => void;
}

type Report = (kind: ProblemKind, detail: string) => void;

const PROGRESS_EVERY = 256;
const KINDS: ReadonlySet<string> = new Set(ENTRY_KINDS);

/** @param database only read, in one transaction. @throws Fault `session-unknown` */
export function verifyChain(home: string, database: LogDatabase, options: VerifyOptions = {}): Verification {
  const check = new ChainCheck(home, database, options);
  database.exec('BEGIN');
  try {
    check.run();
  } catch (thrown) {
    const { code, message } = thrown as { code?: string; message: string };
    if (!code?.startsWith('SQLITE_')) throw thrown;
    check.report(null, 'database-damaged', `it can’t be read any further (${message})`);
  } finally {
    database.exec('ROLLBACK');
  }
  check.forgetErasedMeanwhile();
  return check.verification();
}

class ChainCheck {
  readonly #home: string;
  readonly #database: LogDatabase;
  readonly #sessionId: string | null;
  readonly #anchors: readonly Anchor[];
  readonly #onProgress: (checked: number, of: number) => void;
  readonly #problems: Problem[] = [];
  readonly #redactions: Verification['redactions'] = [];
  readonly #recoveries: Verification['recoveries'] = [];
  /** Gaps by the entry before which they are; each may be explained by a recovery that follows. */
  readonly #gaps = new Map<number, { row: EntryRow; first: number; linked: boolean }>();
  /** Contents that are missing where a recovery may say why. */
  readonly #missing = new Map<string, { row: EntryRow; name: string }>();
  #log: Uint8Array = new Uint8Array();
  #entries = 0;
  #lastSeq = 0;
  #head: Uint8Array = GENESIS;

  constructor(home: string, database: LogDatabase, { sessionId, anchors, onProgress }: VerifyOptions) {
    this.#home = home;
    this.#database = database;
    this.#sessionId = sessionId ?? null;
    this.#anchors = anchors ?? [];
    this.#onProgress = onProgress ?? (() => {});
  }

  run(): void {
    const database = this.#database;
    this.#log = database.prepare<[], Uint8Array>('SELECT id FROM log').pluck().get() ?? new Uint8Array();
    if (this.#sessionId === null) this.#checkDatabase();
    const contentsOf = database.prepare<[number], ContentRow>(
      'SELECT id, name, type, length, salt, bytes, file FROM content WHERE entry_seq = ?',
    );
    const index = createIndexCheck(database, (turnId, detail) =>
      this.#problems.push({ kind: 'index-differs', seq: null, turnId, detail }),
    );
    const redactions = createRedactionCheck(database);
    const parts = createPartCheck(database);
    if (this.#sessionId !== null && !index.knowsSession(this.#sessionId)) throw sessionUnknown(this.#sessionId);
    const of = database.prepare<[], number>('SELECT max(seq) FROM entry').pluck().get() ?? 0;

    for (const row of database.prepare<[], EntryRow>('SELECT * FROM entry ORDER BY seq').iterate()) {
      const report: Report = (kind, detail) => this.report(row, kind, detail);
      this.#checkLink(row, report);
      if (this.#entries % PROGRESS_EVERY === 0) this.#onProgress(this.#entries, of);
      if (this.#sessionId !== null && row.session_id !== this.#sessionId && row.kind !== 'log_recovered') continue;

      const manifest = parse<Manifest>(row.manifest);
      if (!manifest) {
        report('entry-altered', 'its manifest can’t be read');
        continue;
      }
      if (!describes(manifest, row)) report('entry-altered', 'its columns differ from its manifest');
      else if (!KINDS.has(row.kind)) report('entry-unknown', `of the kind ${row.kind}`);
      const stored = new Map(contentsOf.all(row.seq).map((content) => [content.name, content]));
      for (const declared of manifest.contents ?? []) {
        const content = stored.get(declared.name);
        stored.delete(declared.name);
        if (!content) {
          this.#missing.set(`${row.seq} ${declared.name}`, { row, name: declared.name });
        } else if (content.salt === null) {
          if (!redactions.explain(row, declared.name)) {
            report('content-missing', `${declared.name}: emptied, not redacted`);
          }
        } else if (this.#checkContent(declared, content, content.salt, parts, report) && content.bytes) {
          this.#note(row, declared.name, content.bytes);
        }
        index.read(row, declared.name, content?.bytes ?? null);
      }
      for (const name of stored.keys()) report('content-unknown', name);
    }
    this.#reportUnexplained();
    // Where entries are lost, the rows that they made are left.
    if (this.#sessionId === null && this.#recoveries.length === 0) index.finish();
    const strays = this.#sessionId === null ? parts.strays() : 0;
    if (strays > 0) this.report(null, 'content-unknown', `${strays} parts that no content names`);
    this.#checkAnchors();
    this.#onProgress(this.#entries, of);
  }

  report(row: EntryRow | null, kind: ProblemKind, detail: string): void {
    this.#problems.push({ kind, seq: row?.seq ?? null, turnId: row?.turn_id ?? null, detail });
  }

  /** Files are of this moment, entries of that at which the check began: what was redacted in between is not missing. */
  forgetErasedMeanwhile(): void {
    if (!this.#problems.some(({ kind }) => kind === 'file-missing')) return;
    const named = new Set(
      this.#database.prepare<[], string>('SELECT file FROM content WHERE file IS NOT NULL').pluck().iterate(),
    );
    const still = this.#problems.filter(({ kind, detail }) => kind !== 'file-missing' || named.has(detail));
    this.#problems.splice(0, Infinity, ...still);
  }

  verification(): Verification {
    return {
      ok: this.#problems.length === 0,
      log: hex(this.#log),
      entries: this.#entries,
      head: this.#entries === 0 ? null : hex(this.#head),
      problems: this.#problems,
      redactions: this.#redactions,
      recoveries: this.#recoveries,
    };
  }

  #checkLink(row: EntryRow, report: Report): void {
    const linked = same(row.prev, this.#head);
    if (row.seq !== this.#lastSeq + 1) this.#gaps.set(row.seq, { row, first: this.#lastSeq + 1, linked });
    else if (!linked) report('link-broken', 'it does not name the hash of the entry before it');
    if (!same(row.hash, hashEntry(this.#log, row.seq, row.prev, row.manifest))) {
      report('entry-altered', 'its hash does not match its bytes');
    }
    for (const anchor of this.#anchors) {
      if (anchor.log === hex(this.#log) && anchor.seq === row.seq && anchor.head !== hex(row.hash)) {
        report('history-replaced', `the anchor of ${isoTime(anchor.at)} names another entry here`);
      }
    }
    this.#entries += 1;
    this.#lastSeq = row.seq;
    this.#head = row.hash;
  }

  /** @returns whether it is what was committed to */
  #checkContent(
    declared: ContentManifest,
    content: ContentRow,
    salt: Uint8Array,
    parts: PartCheck,
    report: Report,
  ): boolean {
    const problem = checkContent(this.#home, declared, content, salt);
    if (problem) {
      report(...problem);
      return false;
    }
    const trouble = content.bytes && parts.check(content.id, content.type, content.bytes);
    if (trouble) report(`content-${trouble}`, `${content.name}: a part of it`);
    return !trouble;
  }

  /** What the log says of itself counts only as it was written. */
  #note(row: EntryRow, name: string, bytes: Uint8Array): void {
    const { seq, at, session_id: sessionId, turn_id: turnId } = row;
    if (name === 'redaction') {
      const { reason, part, contents } = recordOf<RedactionRecord>(bytes);
      this.#redactions.push({ seq, at, sessionId, turnId, part, reason, contents: contents.length });
    }
    if (name === 'recovery') {
      const { reason, keptAs, lostEntries, lostContents } = recordOf<RecoveryRecord>(bytes);
      this.#recoveries.push({ seq, at, reason, keptAs });
      for (const [first, last] of lostEntries) {
        if (this.#gaps.get(last + 1)?.first === first) this.#gaps.delete(last + 1);
      }
      for (const lost of lostContents) this.#missing.delete(`${lost.seq} ${lost.name}`);
    }
  }

  #reportUnexplained(): void {
    for (const { row, first, linked } of this.#gaps.values()) {
      this.report(row, 'gap', `entries ${first} to ${row.seq - 1} are missing`);
      if (!linked) this.report(row, 'link-broken', 'it does not name the hash of the entry before it');
    }
    for (const { row, name } of this.#missing.values()) this.report(row, 'content-missing', name);
  }

  /** SQLite's own view: indexes that contradict their tables, pages that belong to nothing. */
  #checkDatabase(): void {
    for (const difference of schemaDifferences(this.#database)) {
      this.report(null, 'database-damaged', `its schema differs: ${difference}`);
    }
    for (const { integrity_check: message } of this.#database.pragma('integrity_check') as IntegrityRow[]) {
      if (message !== 'ok') this.report(null, 'database-damaged', message);
    }
    const strays = this.#database
      .prepare<[], number>('SELECT DISTINCT entry_seq FROM content WHERE entry_seq NOT IN (SELECT seq FROM entry)')
      .pluck()
      .all();
    for (const seq of strays) this.report(null, 'content-unknown', `content of an entry ${seq} that is not there`);
  }

  #checkAnchors(): void {
    for (const { log, seq, at } of this.#anchors) {
      if (log !== hex(this.#log)) {
        this.report(null, 'anchor-foreign', `the anchor of ${isoTime(at)} belongs to the log ${log}`);
      } else if (seq > this.#lastSeq) {
        this.report(
          null,
          'tail-cut',
          `the anchor of ${isoTime(at)} knows ${seq} entries, ${this.#lastSeq} are there: the end was cut off, or an older copy was put back`,
        );
      }
    }
  }
}

interface IntegrityRow {
  readonly integrity_check: string;
}

function sessionUnknown(sessionId: string): Fault {
  return new Fault('session-unknown', `There is no conversation ${sessionId}.`, {
    hint: '`squelch sessions` lists them.',
    stage: 'log',
  });
}

function describes(manifest: Manifest, row: EntryRow): boolean {
  const { at, kind, sessionId, turnId } = manifest;
  return at === row.at && kind === row.kind && sessionId === row.session_id && turnId === row.turn_id;
}

function recordOf<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
}

function parse<T>(bytes: Uint8Array): T | null {
  try {
    return recordOf<T>(bytes);
  } catch {
    return null;
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
