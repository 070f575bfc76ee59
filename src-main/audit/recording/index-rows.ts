/** The rows of `session` and `turn`, which say for lists what the entries say, written in the transactions of these. */
import type { LogDatabase } from '../store/database.ts';

export type IndexRows = ReturnType<typeof prepareRows>;

export function prepareRows(database: LogDatabase) {
  const hasSession = database.prepare<[string], 1>('SELECT 1 FROM session WHERE id = ?').pluck();
  const insertSession = database.prepare('INSERT INTO session (id, started_at, agent_id) VALUES (?, ?, ?)');
  const insertTurn = database.prepare(
    'INSERT INTO turn (id, session_id, started_at, source, retry_of) VALUES (?, ?, ?, ?, ?)',
  );
  const endTurn = database.prepare('UPDATE turn SET ended_at = ?, outcome = ? WHERE id = ?');
  const sessionOf = database.prepare<[string], string>('SELECT session_id FROM turn WHERE id = ?').pluck();
  return {
    hasTurn: (id: string) => sessionOf.get(id) !== undefined,
    hasSession: (id: string) => hasSession.get(id) !== undefined,
    insertSession: (id: string, startedAt: number, agentId: string) => insertSession.run(id, startedAt, agentId),
    insertTurn: (id: string, sessionId: string, startedAt: number, source: string, retryOf: string | null) =>
      insertTurn.run(id, sessionId, startedAt, source, retryOf),
    endTurn: (id: string, endedAt: number, outcome: string) => endTurn.run(endedAt, outcome, id),
    sessionOf(turnId: string): string {
      const sessionId = sessionOf.get(turnId);
      if (!sessionId) throw new Error(`a request was made for an unknown turn ${turnId}`);
      return sessionId;
    },
  };
}
