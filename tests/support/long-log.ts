/**
 * A log as long as years of use leave it, for tests of whoever reads it: one real session, its rows copied. The chain of
 * the copies does not verify.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openAuditLog } from '../../src-main/audit/audit-log.ts';
import { lockHome } from '../../src-main/audit/store/home-lock.ts';
import { EventScript, STARTED_AT } from './turns.ts';

const HOUR_MS = 3_600_000;

/** @param home an empty folder. Sessions begin an hour apart. */
export function makeLongLog(home: string, { sessions, turns }: { sessions: number; turns: number }): void {
  const lock = lockHome(home);
  const log = openAuditLog(lock, {
    appVersion: '0.0.0-test',
    onFault: (fault) => {
      throw fault;
    },
  });
  const script = new EventScript(log.record, 's', STARTED_AT);
  for (let turn = 0; turn < turns; turn++) tell(script, `t${turn}`, turn);
  log.close();
  lock.release();

  const database = new Database(join(home, 'log', 'squelch.db'));
  database.pragma('foreign_keys = OFF');
  database.pragma('synchronous = OFF');
  const entries = Number(database.prepare('SELECT max(seq) FROM entry').pluck().get());
  const copies = `WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ${sessions - 1})`;
  database.exec(`BEGIN;
    ${copies} INSERT INTO session SELECT id || n, started_at - n * ${HOUR_MS}, agent_id FROM session, copy;
    ${copies} INSERT INTO turn (id, session_id, started_at, source, retry_of, ended_at, outcome)
      SELECT id || '-' || n, session_id || n, started_at - n * ${HOUR_MS}, source, retry_of, ended_at, outcome FROM turn, copy;
    ${copies} INSERT INTO content (entry_seq, name, type, length, salt, bytes, file)
      SELECT entry_seq + n * ${entries}, name, type, length, salt, bytes, file FROM content, copy;
    ${copies} INSERT INTO entry (seq, at, kind, session_id, turn_id, prev, manifest, hash)
      SELECT seq + n * ${entries}, at, kind, session_id || n, turn_id || '-' || n, prev, manifest, hash FROM entry, copy;
    COMMIT;`);
  database.close();
}

function tell(script: EventScript, turnId: string, turn: number): void {
  // As long as answers are: no two in a row.
  const text = 'An answer. '.repeat(1 + ((turn * 7) % 40));
  script.begin(turnId, { source: 'text' });
  script.emit({ type: 'user_speech_committed', turnId, messageId: `${turnId}-user`, text: `Question ${turn}` });
  script.emit({ type: 'agent_text_generated', turnId, text });
  script.emit({ type: 'agent_speech_committed', turnId, messageId: null, text, heardText: '', interrupted: false });
  script.end(turnId, 'completed');
}
