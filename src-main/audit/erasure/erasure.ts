/**
 * Erases what its owner wants gone: an entry says what, when and why; then bytes, salt and files go, and the pages that
 * held them. The chain still proves everything else, since it holds commitments that nothing opens any more.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RedactionPart } from '../../../src-preload/contract.ts';
import { Fault } from '../../fault.ts';
import { createEntryWriter, jsonContent } from '../chain/entries.ts';
import { type AttemptRecord, type RedactionRecord, readRecord } from '../chain/records.ts';
import { createFileLookup, inHome, isFiled, syncFolderOf } from '../store/audio-files.ts';
import type { LogDatabase } from '../store/database.ts';
import { logFault, storageFault } from '../store/storage-fault.ts';
import { isErased, isErasedWithSession } from './erasable.ts';

export interface Erased {
  /** The entry that says so; null when there was nothing left to erase. */
  readonly seq: number | null;
  readonly contents: number;
  readonly files: number;
}

export interface Eraser {
  /**
   * Erases words, sound or both of a turn. With its words go the requests to the model that later turns of the session
   * made, because they repeat them; with either go what they told a realtime model, and what they got from a connection
   * while this turn was not quite over. The same goes for the sessions in which turns of this one were asked again: each
   * gets an entry of its own that says so.
   * @throws Fault `turn-unknown`, `turn-in-flight`, and those of the log
   */
  redactTurn(turnId: string, part: RedactionPart, reason: string): Erased;
  /** Erases all contents of a session and takes it out of the index. @throws Fault `session-unknown`, `turn-in-flight` */
  deleteSession(sessionId: string, reason: string): Erased;
  /** Bytes that redacting `part` of a turn would free, requests of later turns left aside. */
  sizeOfTurn(turnId: string, part: RedactionPart): number;
  /** Bytes that deleting a session would free. */
  sizeOfSession(sessionId: string): number;
  /**
   * Gives the freed pages back and empties the write-ahead log, so that nothing erased is left in either.
   * @returns false while another program still reads the log; closing it does the rest
   */
  sweep(): boolean;
}

interface Candidate {
  readonly seq: number;
  readonly kind: string;
  readonly session_id: string;
  readonly turn_id: string | null;
  readonly name: string;
  readonly length: number;
  /** Of the parts that nothing else names. */
  readonly parts_length: number;
  readonly file: string | null;
  /** The attempt's or the turn's record, where there is one. */
  readonly record: Uint8Array | null;
}

interface TurnRow {
  readonly session_id: string;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly outcome: string | null;
}

const ALL_PAGES = 1_000_000_000;
/** How long readers are waited for; this thread may have a voice to carry. */
const SWEEP_PATIENCE_MS = 200;

const CANDIDATES = `SELECT e.seq, e.kind, e.session_id, e.turn_id, c.name, c.length, c.file,
    (SELECT coalesce(sum(length(p.bytes)), 0) FROM content_part cp JOIN part p ON p.id = cp.part_id
      WHERE cp.content_id = c.id AND NOT EXISTS
        (SELECT 1 FROM content_part o WHERE o.part_id = p.id AND o.content_id <> c.id)) AS parts_length,
    (SELECT r.bytes FROM content r WHERE r.entry_seq = e.seq AND r.name IN ('attempt', 'outcome')) AS record
  FROM entry e JOIN content c ON c.entry_seq = e.seq
  WHERE c.salt IS NOT NULL`;

export function createEraser(home: string, database: LogDatabase): Eraser {
  const entries = createEntryWriter(database);
  const turn = database.prepare<[string], TurnRow>(
    'SELECT session_id, started_at, ended_at, outcome FROM turn WHERE id = ?',
  );
  const ofTurn = database.prepare<[string], Candidate>(`${CANDIDATES} AND e.turn_id = ?`);
  const ofSession = database.prepare<[string], Candidate>(`${CANDIDATES} AND e.session_id = ?`);
  /** What was exchanged later in sessions: by its place in the log, since a clock can be set back. */
  const exchangedLater = database.prepare<{ sessionId: string; turnId: string | null; after: number }, Candidate>(
    `${CANDIDATES} AND e.session_id = @sessionId AND e.kind = 'attempt' AND e.turn_id IS NOT @turnId
      AND c.name IN ('request.body', 'response.body') AND e.seq > @after`,
  );
  /** Sessions that remember this one, because turns of it, or of one that remembers it, were asked again there. */
  const remembering = database
    .prepare<[string], string>(
      `WITH RECURSIVE remembering (id) AS (VALUES (?) UNION
        SELECT again.session_id FROM remembering JOIN turn asked ON asked.session_id = remembering.id
          JOIN turn again ON again.retry_of = asked.id)
      SELECT id FROM remembering`,
    )
    .pluck();
  const firstEntry = database.prepare<[string], number>('SELECT min(seq) FROM entry WHERE turn_id = ?').pluck();
  const hasSession = database.prepare<[string], 1>('SELECT 1 FROM session WHERE id = ?').pluck();
  const inFlight = database
    .prepare<[string], string>('SELECT id FROM turn WHERE session_id = ? AND outcome IS NULL')
    .pluck();
  const empty = database.prepare(
    'UPDATE content SET salt = NULL, bytes = NULL, file = NULL WHERE entry_seq = ? AND name = ?',
  );
  const deleteTurns = database.prepare('DELETE FROM turn WHERE session_id = ?');
  const deleteSessionRow = database.prepare('DELETE FROM session WHERE id = ?');

  const ownOf = (turnId: string, part: RedactionPart) =>
    ofTurn.all(turnId).filter((candidate) => isErased(placeOf(candidate), part));
  const allOf = (sessionId: string) => ofSession.all(sessionId).filter(({ name }) => isErasedWithSession(name));

  /** What the sessions that remember `sessionId` besides itself told models that may hold `part` of what is erased. */
  function repeatedElsewhere(sessionId: string, after: number, part: RedactionPart, endedAt: number): Candidate[] {
    return remembering
      .all(sessionId)
      .filter((id) => id !== sessionId)
      .flatMap((id) => exchangedLater.all({ sessionId: id, turnId: null, after }))
      .filter((candidate) => mayRepeat(candidate, part, endedAt));
  }

  function erase(
    kind: 'redaction' | 'session_deleted',
    key: { sessionId: string; turnId: string | null },
    record: Omit<RedactionRecord, 'contents'>,
    chosen: readonly Candidate[],
  ): Erased {
    const files = chosen.map(({ file }) => file).filter((file) => file !== null);
    const bySession = Map.groupBy(chosen, ({ session_id }) => session_id);
    const elsewhere = [...bySession.keys()].filter((id) => id !== key.sessionId);
    const append = (where: typeof key, as: typeof kind): number => {
      const contents = (bySession.get(where.sessionId) ?? []).map(({ seq, name }) => ({ seq, name }));
      const redaction: RedactionRecord = { ...record, contents };
      const at = Date.now();
      const place = entries.append({ ...where, at, kind: as, contents: [jsonContent('redaction', redaction)] });
      for (const { seq, name } of contents) empty.run(seq, name);
      return place;
    };
    try {
      if (chosen.length === 0 && kind === 'redaction') {
        // Files of an earlier one may still have to go.
        finishErasure(home, database);
        return { seq: null, contents: 0, files: 0 };
      }
      writeIntent(home, files);
      const seq = database
        .transaction(() => {
          const place = append(key, kind);
          for (const sessionId of elsewhere) append({ sessionId, turnId: null }, 'redaction');
          if (kind === 'session_deleted') {
            deleteTurns.run(key.sessionId);
            deleteSessionRow.run(key.sessionId);
          }
          return place;
        })
        .immediate();
      finishErasure(home, database);
      return { seq, contents: chosen.length, files: files.length };
    } catch (thrown) {
      throw logFault(thrown);
    }
  }

  return {
    redactTurn(turnId, part, reason) {
      const row = turn.get(turnId);
      if (!row) throw unknown('turn', turnId);
      if (row.outcome === null) throw turnInFlight(turnId);
      const own = ownOf(turnId, part);
      const sessionId = row.session_id;
      const after = firstEntry.get(turnId) ?? 0;
      const endedAt = row.ended_at ?? Number.POSITIVE_INFINITY;
      const later = [
        ...exchangedLater.all({ sessionId, turnId, after }).filter((found) => mayRepeat(found, part, endedAt)),
        ...repeatedElsewhere(sessionId, after, part, endedAt),
      ];
      return erase('redaction', { sessionId, turnId }, { reason, part }, [...own, ...later]);
    },
    deleteSession(sessionId, reason) {
      if (!hasSession.get(sessionId)) throw unknown('session', sessionId);
      const open = inFlight.get(sessionId);
      if (open) throw turnInFlight(open);
      const all = [...allOf(sessionId), ...repeatedElsewhere(sessionId, 0, 'all', Number.NEGATIVE_INFINITY)];
      return erase('session_deleted', { sessionId, turnId: null }, { reason, part: 'all' }, all);
    },
    sizeOfTurn: (turnId, part) => sizeOf(ownOf(turnId, part)),
    sizeOfSession: (sessionId) => sizeOf(allOf(sessionId)),
    sweep() {
      const patience = database.pragma('busy_timeout', { simple: true });
      database.pragma(`busy_timeout = ${SWEEP_PATIENCE_MS}`);
      try {
        database.exec(`PRAGMA incremental_vacuum(${ALL_PAGES})`);
        const [result] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
        return result?.busy === 0;
      } catch (thrown) {
        // What was to be erased is; the disk has no room to clear away after it.
        if (!storageFault(thrown)) throw thrown;
        return false;
      } finally {
        database.pragma(`busy_timeout = ${patience}`);
      }
    },
  };
}

/**
 * Removes the files of an erasure that was cut off after its entry was written; those of one that was not are left.
 * Run at the start, and after each erasure.
 */
export function finishErasure(home: string, database: LogDatabase): void {
  const intent = intentPath(home);
  if (!existsSync(intent)) return;
  const isNamed = createFileLookup(database);
  const troubles: unknown[] = [];
  for (const file of readIntent(home)) {
    if (isNamed(file) || !isFiled(file)) continue;
    try {
      rmSync(inHome(home, file), { force: true });
    } catch (thrown) {
      troubles.push(thrown);
    }
  }
  if (troubles.length > 0) throw troubles[0];
  rmSync(intent);
  syncFolderOf(intent);
}

/** Which files are about to go, noted before the entry that lets go of them; beside those that could not go yet. */
function writeIntent(home: string, files: readonly string[]): void {
  if (files.length === 0) return;
  const path = intentPath(home);
  const all = [...new Set([...readIntent(home), ...files])];
  writeFileSync(`${path}.new`, JSON.stringify(all), { flush: true });
  renameSync(`${path}.new`, path);
  syncFolderOf(path);
}

function readIntent(home: string): string[] {
  const path = intentPath(home);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}

function intentPath(home: string): string {
  return join(home, 'log', 'erasing.json');
}

function sizeOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { length, parts_length }) => sum + length + parts_length, 0);
}

function placeOf({ kind, name, record }: Candidate) {
  const parsed = recordOf(record);
  return {
    name,
    stage: kind === 'attempt' ? (parsed?.stage ?? null) : null,
    hasError: (parsed?.error ?? null) !== null,
  };
}

/** Those never repeat what was said in an earlier turn. A request whose record is gone may well. */
const WITHOUT_HISTORY: ReadonlySet<string | undefined> = new Set(['stt', 'tts', 'tool']);

/**
 * Whether it may hold something of `part` of a turn that ended at `endedAt`. A request to a language model carries the
 * conversation so far.
 */
function mayRepeat({ name, record }: Candidate, part: RedactionPart, endedAt: number): boolean {
  const { stage, url = '', startedAt = 0 } = recordOf(record) ?? {};
  if (name === 'response.body') {
    const overlaps = /^wss?:/.test(url) && startedAt <= endedAt;
    return overlaps && (part !== 'audio' || stage === 'realtime');
  }
  return part === 'audio' ? stage === 'realtime' : !WITHOUT_HISTORY.has(stage);
}

function recordOf(
  bytes: Uint8Array | null,
): Partial<Pick<AttemptRecord, 'stage' | 'error' | 'url' | 'startedAt'>> | null {
  return bytes && readRecord(bytes);
}

function unknown(what: 'turn' | 'session', id: string): Fault {
  return new Fault(`${what}-unknown`, `There is no ${what === 'session' ? 'conversation' : 'turn'} ${id}.`, {
    hint: `\`squelch sessions${what === 'turn' ? ' show ID' : ''}\` lists them.`,
    stage: 'log',
  });
}

function turnInFlight(turnId: string): Fault {
  return new Fault('turn-in-flight', `The turn ${turnId} is still running.`, {
    hint: 'Wait until it is over.',
    stage: 'log',
  });
}
