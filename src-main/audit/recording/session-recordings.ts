/**
 * What is kept of sessions besides their turns: that they began, what wrote them, what was in force in them, and what
 * went wrong or was recorded elsewhere before, between and after their turns.
 */
import type { SessionEvent } from '../../conversation/events.ts';
import { type EntryWriter, jsonContent, type NewEntry, type StoredContent } from '../chain/entries.ts';
import type { FaultRecord, InForceRecord, ServerRecordingRecord, SessionRecord } from '../chain/records.ts';
import type { IndexRows } from './index-rows.ts';

export interface ExpectedSession {
  readonly sessionId: string;
  readonly agentId: string;
}

interface Opening extends ExpectedSession {
  readonly at: number;
}

export type OfSession = Extract<SessionEvent, { type: 'error' | 'fault' | 'server_recording' }>;

export class SessionRecordings {
  readonly #entries: EntryWriter;
  readonly #rows: IndexRows;
  readonly #versions: () => SessionRecord['versions'];
  /** Those that are open and kept, by the agent they began with. */
  readonly #expected = new Map<string, string>();
  /** Those of this run that have no entry yet: they get one with their first turn. */
  readonly #announced = new Map<string, Opening>();
  /** Those that got their entry before their first turn. */
  readonly #early = new Set<string>();
  /** By session, as its last turn said. */
  readonly #inForce = new Map<string, StoredContent>();

  constructor(entries: EntryWriter, rows: IndexRows, versions: () => SessionRecord['versions']) {
    this.#entries = entries;
    this.#rows = rows;
    this.#versions = versions;
  }

  expect({ sessionId, agentId }: ExpectedSession): void {
    this.#expected.set(sessionId, agentId);
  }

  announce(opening: Opening): void {
    this.#announced.set(opening.sessionId, opening);
  }

  /** Within the transaction that begins a turn: the session's own entry, where this run has not written it. */
  begin(opening: Opening): void {
    const { sessionId } = opening;
    const announced = this.#announced.get(sessionId);
    if (this.#rows.hasSession(sessionId) && (!announced || this.#early.has(sessionId))) return;
    this.#open(announced ?? opening);
  }

  /** That transaction is on disk. @param inForce what it told of that */
  begun(sessionId: string, inForce: StoredContent | null): void {
    this.#announced.delete(sessionId);
    if (inForce) this.#inForce.set(sessionId, inForce);
  }

  /** @returns null when the session's last turn said the same */
  newlyInForce(sessionId: string, record: InForceRecord | null): StoredContent | null {
    const now = record && jsonContent('in-force', record);
    const before = this.#inForce.get(sessionId);
    return now && before && Buffer.compare(now.bytes, before.bytes) === 0 ? null : now;
  }

  /** @returns writes it, inside a transaction; null for a session of which nothing is kept */
  keep(event: OfSession): (() => void) | null {
    const { at, sessionId, turnId } = event;
    const agentId = this.#expected.get(sessionId);
    if (agentId === undefined && !this.#rows.hasSession(sessionId)) return null;
    const entry: NewEntry = { at, sessionId, turnId, ...contentOf(event) };
    return () => {
      if (agentId !== undefined && !this.#rows.hasSession(sessionId)) {
        this.#open({ at, sessionId, agentId });
        this.#early.add(sessionId);
      }
      this.#entries.append(entry);
    };
  }

  forget(sessionId: string): void {
    for (const known of [this.#expected, this.#announced, this.#early, this.#inForce]) known.delete(sessionId);
  }

  /** A session of an earlier run is not made again, but says what writes it from here on. */
  #open({ at, sessionId, agentId }: Opening): void {
    const resumed = this.#rows.hasSession(sessionId);
    const record: SessionRecord = {
      agentId,
      versions: this.#versions(),
      platform: `${process.platform}-${process.arch}`,
    };
    const contents = [jsonContent('session', record)];
    const kind = resumed ? 'session_resumed' : 'session_started';
    this.#entries.append({ at, kind, sessionId, turnId: null, contents });
    if (!resumed) this.#rows.insertSession(sessionId, at, agentId);
  }
}

function contentOf(event: OfSession): Pick<NewEntry, 'kind' | 'contents'> {
  if (event.type === 'server_recording') {
    const record: ServerRecordingRecord = event.recording;
    return { kind: 'server_recording', contents: [jsonContent('server-recording', record)] };
  }
  const { code, message, hint, cause = null } = event.error;
  const about = event.type === 'fault' ? event : { source: 'session' as const, participant: null };
  const record: FaultRecord = { source: about.source, code, message, hint, cause, participant: about.participant };
  return { kind: 'fault', contents: [jsonContent('fault', record)] };
}
