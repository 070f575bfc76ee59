/** What the log has of the room that a session was held in, besides its turns. */
import type { RoomFaultView, ServerRecordingView } from '../../../src-preload/contract.ts';
import type { EntryKind, RoomFaultRecord, ServerRecordingRecord } from '../chain/records.ts';
import type { LogDatabase } from '../store/database.ts';

export interface RoomEntries {
  /** What went wrong in it, as it went. */
  readonly roomFaults: RoomFaultView[];
  /** In the order in which they began. */
  readonly serverRecordings: ServerRecordingView[];
}

interface Row {
  readonly at: number;
  readonly turn_id: string | null;
  readonly bytes: Uint8Array;
}

export function createRoomReader(database: LogDatabase): { ofSession(sessionId: string): RoomEntries } {
  const entries = database.prepare<[string, string], Row>(
    `SELECT e.at, e.turn_id, c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
      WHERE e.session_id = ? AND e.kind = ? AND c.bytes IS NOT NULL ORDER BY e.seq`,
  );
  const all = (sessionId: string, kind: EntryKind) => entries.all(sessionId, kind);
  return {
    ofSession: (sessionId) => ({
      roomFaults: all(sessionId, 'room_fault').map(({ at, turn_id: turnId, bytes }) => {
        const record: RoomFaultRecord = JSON.parse(Buffer.from(bytes).toString('utf8'));
        return { at, turnId, ...record };
      }),
      serverRecordings: recordings(all(sessionId, 'server_recording')),
    }),
  };
}

/** The first entry of each says when it began, the last how it ended. */
function recordings(rows: readonly Row[]): ServerRecordingView[] {
  const views = new Map<string, ServerRecordingView>();
  for (const { at, bytes } of rows) {
    const record: ServerRecordingRecord = JSON.parse(Buffer.from(bytes).toString('utf8'));
    const begun = views.get(record.egressId);
    const startedAt = begun?.startedAt ?? at;
    views.set(record.egressId, { ...record, files: [...record.files], startedAt, endedAt: begun ? at : null });
  }
  return [...views.values()];
}
