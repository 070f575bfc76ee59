/** Whether content that is empty was emptied by its owner: an entry of the same turn or session must say so. */
import type { LogDatabase } from './database.ts';
import type { RedactionRecord } from './records.ts';
import type { EntryRow } from './verify.ts';

export interface RedactionCheck {
  /** Whether a later entry says that this content was redacted. */
  explain(row: Pick<EntryRow, 'seq' | 'session_id' | 'turn_id'>, name: string): boolean;
}

export function createRedactionCheck(database: LogDatabase): RedactionCheck {
  const select = `SELECT e.seq, c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
    WHERE c.name = 'redaction' AND c.bytes IS NOT NULL`;
  const ofTurn = database.prepare<[string], { seq: number; bytes: Uint8Array }>(
    `${select} AND e.turn_id = ? AND e.kind = 'redaction'`,
  );
  const ofSession = database.prepare<[string], { seq: number; bytes: Uint8Array }>(
    `${select} AND e.session_id = ? AND e.turn_id IS NULL AND e.kind IN ('redaction', 'session_deleted')`,
  );

  /** The contents that redactions name, by `seq name`, with the seq of the entry that names them. */
  function named(rows: readonly { seq: number; bytes: Uint8Array }[]): Map<string, number> {
    const contents = new Map<string, number>();
    for (const { seq, bytes } of rows) {
      const record: RedactionRecord = JSON.parse(Buffer.from(bytes).toString('utf8'));
      for (const content of record.contents) contents.set(`${content.seq} ${content.name}`, seq);
    }
    return contents;
  }

  const turnCache = remember((turnId) => named(ofTurn.all(turnId)));
  const sessionCache = remember((sessionId) => named(ofSession.all(sessionId)));

  return {
    explain({ seq, session_id, turn_id }, name) {
      const key = `${seq} ${name}`;
      const by =
        (turn_id === null ? undefined : turnCache(turn_id).get(key)) ??
        (session_id === null ? undefined : sessionCache(session_id).get(key));
      return by !== undefined && by > seq;
    },
  };
}

/** Entries of a turn, and of a session, mostly follow one another: the last answer is enough. */
function remember<T>(ask: (id: string) => T): (id: string) => T {
  let last: { id: string; answer: T } | null = null;
  return (id) => {
    if (last?.id !== id) last = { id, answer: ask(id) };
    return last.answer;
  };
}
