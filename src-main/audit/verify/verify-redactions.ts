/** Whether content that is empty was emptied by its owner: a later entry of the same session must say so. */

import type { RedactionRecord } from '../chain/records.ts';
import type { LogDatabase } from '../store/database.ts';
import type { EntryRow } from './entry-row.ts';

export interface RedactionCheck {
  /** Whether a later entry says that this content was redacted. */
  explain(row: Pick<EntryRow, 'seq' | 'session_id'>, name: string): boolean;
}

export function createRedactionCheck(database: LogDatabase): RedactionCheck {
  const ofSession = database.prepare<[string], { seq: number; bytes: Uint8Array }>(
    `SELECT e.seq, c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
      WHERE e.session_id = ? AND e.kind IN ('redaction', 'session_deleted')
        AND c.name = 'redaction' AND c.bytes IS NOT NULL`,
  );
  let last: { sessionId: string; named: Map<string, number> } | null = null;

  /** The contents that redactions name, by `seq name`, with the seq of the entry that names them. */
  function namedIn(sessionId: string): Map<string, number> {
    // Entries of a session mostly follow one another: the last answer is enough.
    if (last?.sessionId === sessionId) return last.named;
    const named = new Map<string, number>();
    for (const { seq, bytes } of ofSession.all(sessionId)) {
      for (const content of contentsNamedBy(bytes)) named.set(`${content.seq} ${content.name}`, seq);
    }
    last = { sessionId, named };
    return named;
  }

  return {
    explain({ seq, session_id }, name) {
      const by = session_id === null ? undefined : namedIn(session_id).get(`${seq} ${name}`);
      return by !== undefined && by > seq;
    },
  };
}

/** None where the record was altered, which is told when its own turn comes. */
function contentsNamedBy(bytes: Uint8Array): RedactionRecord['contents'] {
  try {
    const { contents }: RedactionRecord = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return Array.isArray(contents) ? contents : [];
  } catch {
    return [];
  }
}
