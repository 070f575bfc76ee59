/** What the log has of a session besides its turns. */
import type { LoggedFaultView, ServerRecordingView } from '../../../src-preload/contract.ts';
import { type EntryKind, type FaultRecord, readRecord, type ServerRecordingRecord } from '../chain/records.ts';
import type { LogDatabase } from '../store/database.ts';

export interface SessionEntries {
  /** What went wrong and ended no turn, as it went. */
  readonly faults: LoggedFaultView[];
  /** In the order in which they began. */
  readonly serverRecordings: ServerRecordingView[];
}

interface Row {
  readonly at: number;
  readonly turn_id: string | null;
  readonly bytes: Uint8Array;
}

export function createSessionReader(database: LogDatabase): { ofSession(sessionId: string): SessionEntries } {
  const entries = database.prepare<[string, string, string], Row>(
    `SELECT e.at, e.turn_id, c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
      WHERE e.session_id = ? AND e.kind IN (?, ?) AND c.bytes IS NOT NULL ORDER BY e.seq`,
  );
  const all = (sessionId: string, kind: EntryKind, former = kind) => entries.all(sessionId, kind, former);
  return {
    ofSession: (sessionId) => ({
      faults: all(sessionId, 'fault', 'room_fault').flatMap(({ at, turn_id: turnId, bytes }) => {
        const record = readRecord<Omit<FaultRecord, 'source'> & Partial<FaultRecord>>(bytes);
        return record ? [{ at, turnId, source: 'room' as const, cause: null, ...record }] : [];
      }),
      serverRecordings: recordings(all(sessionId, 'server_recording')),
    }),
  };
}

/** The first entry of each says when it began, the last how it ended. */
function recordings(rows: readonly Row[]): ServerRecordingView[] {
  const views = new Map<string, ServerRecordingView>();
  for (const { at, bytes } of rows) {
    const record = readRecord<ServerRecordingRecord>(bytes);
    if (!record) continue;
    const begun = views.get(record.egressId);
    const startedAt = begun?.startedAt ?? at;
    views.set(record.egressId, { ...record, files: [...record.files], startedAt, endedAt: begun ? at : null });
  }
  return [...views.values()];
}
