/** Whether the tables `session`, `turn` and `spoken` say what follows from the entries, and nothing else. */

import type { OutcomeRecord, SessionRecord, TurnRecord } from '../chain/records.ts';
import type { LogDatabase } from '../store/database.ts';
import type { EntryRow } from './entry-row.ts';

export interface IndexCheck {
  /** Whether the log ever had it. */
  knowsSession(sessionId: string): boolean;
  /** To be given each content in the order of the log. @param bytes null when they were redacted */
  read(row: EntryRow, name: string, bytes: Uint8Array | null): void;
  /** Looks for rows that no entry speaks of. */
  finish(): void;
}

const SPOKEN = 'SELECT id, turn_id, at, role, text FROM spoken';
const EXPECTED = "SELECT id, turn_id, at, role, text || char(10, 10) FROM speakable WHERE text <> ''";
const SPOKEN_DIFFERS = `WITH expected AS MATERIALIZED (${EXPECTED}) SELECT DISTINCT turn_id FROM
  (SELECT * FROM (${SPOKEN} EXCEPT SELECT * FROM expected) UNION ALL SELECT * FROM (SELECT * FROM expected EXCEPT ${SPOKEN}))`;

interface TurnIndexRow {
  readonly session_id: string;
  readonly started_at: number;
  readonly source: string;
  readonly retry_of: string | null;
  readonly ended_at: number | null;
  readonly outcome: string | null;
}

/** @param report told of each row that differs */
export function createIndexCheck(
  database: LogDatabase,
  report: (turnId: string | null, detail: string) => void,
): IndexCheck {
  const session = database.prepare<[string], { started_at: number; agent_id: string }>(
    'SELECT started_at, agent_id FROM session WHERE id = ?',
  );
  const turn = database.prepare<[string], TurnIndexRow>(
    'SELECT session_id, started_at, source, retry_of, ended_at, outcome FROM turn WHERE id = ?',
  );
  const deletion = database
    .prepare<[string], 1>("SELECT 1 FROM entry WHERE session_id = ? AND kind = 'session_deleted'")
    .pluck();
  const isDeleted = (sessionId: string) => deletion.get(sessionId) !== undefined;

  function readSession(id: string, at: number, bytes: Uint8Array | null): void {
    const row = session.get(id);
    if (isDeleted(id)) {
      if (row) report(null, `session ${id}: it was deleted`);
      return;
    }
    const agentId = bytes ? parse<SessionRecord>(bytes)?.agentId : row?.agent_id;
    if (row?.started_at !== at || row.agent_id !== agentId) report(null, `session ${id}`);
  }

  function readTurn(id: string, { session_id, at }: EntryRow, bytes: Uint8Array | null): void {
    const row = turn.get(id);
    if (session_id !== null && isDeleted(session_id)) {
      if (row) report(id, `turn ${id}: its session was deleted`);
      return;
    }
    const record = bytes ? parse<TurnRecord>(bytes) : { source: row?.source, retryOf: row?.retry_of };
    const fits =
      row?.session_id === session_id &&
      row?.started_at === at &&
      row.source === record?.source &&
      row.retry_of === record?.retryOf;
    if (!fits) report(id, `turn ${id}`);
  }

  function readOutcome(id: string, { session_id, at }: EntryRow, bytes: Uint8Array | null): void {
    const row = turn.get(id);
    if (!row && session_id !== null && isDeleted(session_id)) return;
    const outcome = bytes ? parse<OutcomeRecord>(bytes)?.outcome : row?.outcome;
    if (row?.ended_at !== at || row.outcome !== outcome) report(id, `turn ${id}`);
  }

  const started = database
    .prepare<[string], 1>("SELECT 1 FROM entry WHERE session_id = ? AND kind = 'session_started'")
    .pluck();

  return {
    knowsSession: (sessionId) => started.get(sessionId) !== undefined,
    read(row, name, bytes) {
      const { kind, session_id: sessionId, turn_id: turnId } = row;
      if (kind === 'session_started' && sessionId) readSession(sessionId, row.at, bytes);
      if (!turnId) return;
      if (kind === 'turn_started' && name === 'turn') readTurn(turnId, row, bytes);
      if ((kind === 'turn_ended' || kind === 'turn_crashed') && name === 'outcome') readOutcome(turnId, row, bytes);
    },
    finish() {
      const unknown = (sql: string) => database.prepare<[], string>(sql).pluck().all();
      for (const id of unknown(`SELECT id FROM session s WHERE NOT EXISTS
        (SELECT 1 FROM entry e WHERE e.session_id = s.id AND e.kind = 'session_started')`)) {
        report(null, `session ${id}`);
      }
      for (const id of unknown(`SELECT id FROM turn t WHERE NOT EXISTS
        (SELECT 1 FROM entry e WHERE e.turn_id = t.id AND e.kind = 'turn_started')`)) {
        report(id, `turn ${id}`);
      }
      for (const id of unknown(`SELECT id FROM turn t WHERE t.outcome IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM entry e WHERE e.turn_id = t.id AND e.kind IN ('turn_ended', 'turn_crashed'))`)) {
        report(id, `turn ${id}: no entry ended it`);
      }
      for (const id of unknown(SPOKEN_DIFFERS)) report(id, `turn ${id}: its words, for searching`);
    },
  };
}

function parse<T>(bytes: Uint8Array): T | null {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}
