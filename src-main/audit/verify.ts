/**
 * Recomputes the whole chain, contents and sound included, and names every difference. What it can't see, by nature,
 * is a log that was cut off at its end or replaced by an older copy: that takes a head noted elsewhere.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { PIPELINE_RATE } from '../audio/frame.ts';
import { encodeWavHeader, WAV_HEADER_BYTES } from '../audio/wav.ts';
import { inHome } from './audio-files.ts';
import { type ContentManifest, GENESIS, hashEntry, type Manifest, openCommitment } from './chain.ts';
import type { LogDatabase } from './database.ts';
import type { EntryKind, OutcomeRecord, RedactionRecord, SessionRecord, TurnRecord } from './records.ts';

export type ProblemKind =
  /** An entry's own bytes are not those that were hashed. */
  | 'entry-altered'
  /** An entry does not follow from the one before it. */
  | 'link-broken'
  /** Entries are missing. */
  | 'gap'
  | 'content-altered'
  | 'content-missing'
  /** Content that its entry does not know. */
  | 'content-unknown'
  | 'file-altered'
  | 'file-missing'
  /** The index of sessions and turns says something else than the entries. */
  | 'index-differs';

export interface Problem {
  readonly kind: ProblemKind;
  readonly seq: number | null;
  readonly turnId: string | null;
  readonly detail: string;
}

export interface Verification {
  readonly ok: boolean;
  readonly entries: number;
  /** Hash of the last entry, hex; null for an empty log. */
  readonly head: string | null;
  readonly problems: readonly Problem[];
}

interface EntryRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: EntryKind;
  readonly session_id: string | null;
  readonly turn_id: string | null;
  readonly prev: Uint8Array;
  readonly manifest: Uint8Array;
  readonly hash: Uint8Array;
}

interface ContentRow {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly salt: Uint8Array | null;
  readonly bytes: Uint8Array | null;
  readonly file: string | null;
}

const READ_BYTES = 1 << 20;

export function verifyChain(home: string, database: LogDatabase): Verification {
  const problems: Problem[] = [];
  const logId = database.prepare<[], Uint8Array>('SELECT id FROM log').pluck().get() ?? new Uint8Array();
  const contentsOf = database.prepare<[number], ContentRow>(
    'SELECT name, type, length, salt, bytes, file FROM content WHERE entry_seq = ?',
  );
  const index = new ExpectedIndex();
  const emptied: { row: EntryRow; name: string }[] = [];
  const redacted = new Set<string>();
  let entries = 0;
  let expectedSeq = 1;
  let prev = GENESIS;

  for (const row of database.prepare<[], EntryRow>('SELECT * FROM entry ORDER BY seq').iterate()) {
    const report = (kind: ProblemKind, detail: string) =>
      problems.push({ kind, seq: row.seq, turnId: row.turn_id, detail });
    if (row.seq !== expectedSeq) report('gap', `entries ${expectedSeq} to ${row.seq - 1} are missing`);
    if (!same(row.prev, prev)) report('link-broken', 'it does not name the hash of the entry before it');
    if (!same(row.hash, hashEntry(logId, row.seq, row.prev, row.manifest))) {
      report('entry-altered', 'its hash does not match its bytes');
    }
    entries += 1;
    expectedSeq = row.seq + 1;
    prev = row.hash;

    const manifest = parse<Manifest>(row.manifest);
    if (!manifest) {
      report('entry-altered', 'its manifest can’t be read');
      continue;
    }
    if (!describes(manifest, row)) report('entry-altered', 'its columns differ from its manifest');
    const stored = new Map(contentsOf.all(row.seq).map((content) => [content.name, content]));
    for (const declared of manifest.contents ?? []) {
      const content = stored.get(declared.name);
      stored.delete(declared.name);
      if (!content) {
        report('content-missing', declared.name);
      } else if (content.salt === null) {
        emptied.push({ row, name: declared.name });
      } else {
        const [kind, detail] = checkContent(home, declared, content, content.salt) ?? [];
        if (kind && detail) report(kind, detail);
      }
      if (row.kind === 'redaction' && content?.bytes) {
        for (const { seq, name } of parse<RedactionRecord>(content.bytes)?.contents ?? [])
          redacted.add(`${seq} ${name}`);
      }
      if (content?.bytes) index.read(row, declared.name, content.bytes);
    }
    for (const name of stored.keys()) report('content-unknown', name);
  }

  for (const { row, name } of emptied) {
    if (redacted.has(`${row.seq} ${name}`)) continue;
    problems.push({
      kind: 'content-missing',
      seq: row.seq,
      turnId: row.turn_id,
      detail: `${name}: emptied, not redacted`,
    });
  }
  problems.push(...index.compare(database));
  const head = entries === 0 ? null : Buffer.from(prev).toString('hex');
  return { ok: problems.length === 0, entries, head, problems };
}

function describes(manifest: Manifest, row: EntryRow): boolean {
  const { at, kind, sessionId, turnId } = manifest;
  return at === row.at && kind === row.kind && sessionId === row.session_id && turnId === row.turn_id;
}

function checkContent(
  home: string,
  declared: ContentManifest,
  content: ContentRow,
  salt: Uint8Array,
): [ProblemKind, string] | null {
  const { name, type, length, file, bytes } = content;
  const altered = file === null ? 'content-altered' : 'file-altered';
  if (type !== declared.type || length !== declared.length) return [altered, `${name}: type or length`];
  const commitment = openCommitment(declared.type, salt);
  if (bytes) {
    commitment.update(bytes);
  } else if (file !== null) {
    const trouble = readSound(home, file, length, (piece) => commitment.update(piece));
    if (trouble) return trouble;
  }
  return commitment.digest().commitment === declared.commitment ? null : [altered, file ?? name];
}

/** The header follows from the length, so a file of sound is wholly checked by comparing it and committing to the rest. */
function readSound(
  home: string,
  file: string,
  dataBytes: number,
  update: (piece: Uint8Array) => void,
): [ProblemKind, string] | null {
  const path = inHome(home, file);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return ['file-missing', file];
  if (size !== WAV_HEADER_BYTES + dataBytes) return ['file-altered', `${file}: its length`];
  const descriptor = openSync(path, 'r');
  try {
    const header = new Uint8Array(WAV_HEADER_BYTES);
    readSync(descriptor, header);
    const expected = encodeWavHeader({ sampleRate: PIPELINE_RATE, channels: 1, dataBytes });
    if (!same(header, expected)) return ['file-altered', `${file}: its header`];
    const buffer = new Uint8Array(READ_BYTES);
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      update(buffer.subarray(0, read));
    }
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/** What the tables `session` and `turn` must hold if they follow from the entries. */
class ExpectedIndex {
  readonly #sessions = new Map<string, string>();
  readonly #turns = new Map<string, string>();
  readonly #starts = new Map<string, unknown[]>();

  read(row: EntryRow, name: string, bytes: Uint8Array): void {
    if (row.kind === 'session_started' && row.session_id) {
      this.#sessions.set(row.session_id, JSON.stringify([row.at, parse<SessionRecord>(bytes)?.agentId]));
    }
    if (!row.turn_id) return;
    if (row.kind === 'turn_started' && name === 'turn') {
      const turn = parse<TurnRecord>(bytes);
      this.#starts.set(row.turn_id, [row.session_id, row.at, turn?.source, turn?.retryOf]);
      this.#turns.set(row.turn_id, JSON.stringify([...(this.#starts.get(row.turn_id) ?? []), null, null]));
    }
    if ((row.kind === 'turn_ended' || row.kind === 'turn_crashed') && name === 'outcome') {
      const end = [row.at, parse<OutcomeRecord>(bytes)?.outcome];
      this.#turns.set(row.turn_id, JSON.stringify([...(this.#starts.get(row.turn_id) ?? []), ...end]));
    }
  }

  compare(database: LogDatabase): Problem[] {
    const sessions = database
      .prepare<[], [string, ...unknown[]]>('SELECT id, started_at, agent_id FROM session')
      .raw()
      .all();
    const turns = database
      .prepare<[], [string, ...unknown[]]>(
        'SELECT id, session_id, started_at, source, retry_of, ended_at, outcome FROM turn',
      )
      .raw()
      .all();
    return [
      ...differences(this.#sessions, sessions).map((id) => indexProblem(null, `session ${id}`)),
      ...differences(this.#turns, turns).map((id) => indexProblem(id, `turn ${id}`)),
    ];
  }
}

function differences(expected: ReadonlyMap<string, string>, rows: readonly [string, ...unknown[]][]): string[] {
  const found = new Map(rows.map(([id, ...columns]) => [id, JSON.stringify(columns)]));
  const ids = new Set([...expected.keys(), ...found.keys()]);
  return [...ids].filter((id) => expected.get(id) !== found.get(id));
}

function indexProblem(turnId: string | null, detail: string): Problem {
  return { kind: 'index-differs', seq: null, turnId, detail };
}

function parse<T>(bytes: Uint8Array): T | null {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
