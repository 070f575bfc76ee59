/**
 * Listens to a conversation and keeps all of it. The conversation does not know: nothing here throws into it, but for
 * the start of a turn that can't be kept, which must not begin.
 */
import type { SessionEvent } from '../../conversation/events.ts';
import type { Fault } from '../../fault.ts';
import {
  createEntryWriter,
  type EntryWriter,
  jsonContent,
  type NewEntry,
  type StoredContent,
} from '../chain/entries.ts';
import type {
  CaptureRecord,
  EntryKind,
  FaultRecord,
  InForceRecord,
  ServerRecordingRecord,
  SessionRecord,
  StopRecord,
  ToolDecisionRecord,
  ToolResultRecord,
  TurnRecord,
  UserMessageRecord,
} from '../chain/records.ts';
import { stepRecord } from '../chain/steps.ts';
import { type LogDatabase, sqliteVersion } from '../store/database.ts';
import { logFault } from '../store/storage-fault.ts';
import type { Attempt, AttemptSink } from './attempt.ts';
import { TurnRecording } from './turn-recording.ts';
import { createWriteBehind } from './write-behind.ts';

export interface RecorderOptions {
  readonly home: string;
  readonly database: LogDatabase;
  readonly appVersion: string;
  /** Of what makes the requests, by name; written with every session. */
  readonly sdkVersions?: Readonly<Record<string, string>>;
  /** What is in force for an agent besides the turn's configuration; asked at the start of each turn. */
  readonly inForce?: (agentId: string) => InForceRecord | null;
  /** Called for what can't be written in mid-turn; it stays in memory and is tried again. */
  readonly onFault: (fault: Fault) => void;
}

export interface Recorder extends AttemptSink {
  /**
   * @throws Fault at `turn_started`, when the turn can't be kept; never otherwise. When it returns from
   * `turn_started`, the turn is on disk. A turn that ends is on disk a moment later: nobody waits for its sound.
   */
  record(event: SessionEvent): void;
  /** Has turns that are over on disk, at once. */
  finishEndings(): void;
  /** Writes what is still in memory, and lets nothing more come of turns that are over. */
  settle(): void;
  /** Writes what is still in memory and lets go of every file. */
  close(): void;
}

type TurnStarted = Extract<SessionEvent, { type: 'turn_started' }>;
type SessionError = Extract<SessionEvent, { type: 'error' | 'fault' }>;
type ServerRecording = Extract<SessionEvent, { type: 'server_recording' }>;
type OfSession = SessionError | ServerRecording;

/** What happened before the first turn, at most. */
const MOST_EARLY = 100;

export function createRecorder(options: RecorderOptions): Recorder {
  const { home, database, appVersion, sdkVersions = {}, inForce = () => null, onFault } = options;
  const entries = createEntryWriter(database);
  const rows = prepareRows(database);
  const writes = createWriteBehind(database, onFault);
  const turns = new Map<string, TurnRecording>();
  /** Turns that are over, whose sound is on its way to the disk; each can be finished at once. */
  const ending = new Map<string, () => void>();
  const openAttempts = new Map<string, Set<Attempt>>();
  /** Sessions of this run that have no entry yet: they get one with their first turn. */
  const announced = new Map<string, { at: number; agentId: string }>();

  /** Of sessions that have no entry yet, or never get one because nothing of them is kept. */
  const early = new Map<string, NewEntry[]>();

  /** By session, as its last turn said. */
  const inForceIn = new Map<string, StoredContent>();

  function defer(entry: NewEntry): void {
    writes.defer(() => void entries.append(entry));
  }

  function start(event: TurnStarted): void {
    const { at, sessionId, turnId, source, retryOf, configuration } = event;
    const turn = new TurnRecording({ home, turnId, startedAt: at, onFault });
    const changed = newlyInForce(sessionId, configuration.agentId);
    try {
      if (source === 'voice') turn.user.open();
      writes.commit(() => {
        const session = announced.get(sessionId) ?? { at, agentId: configuration.agentId };
        if (announced.has(sessionId) || !rows.hasSession(sessionId)) {
          appendSession(entries, rows, { ...session, sessionId, versions: versions(), platform: platform() });
        }
        for (const entry of early.get(sessionId) ?? []) entries.append(entry);
        const record: TurnRecord = { source, retryOf };
        entries.append({
          at,
          kind: 'turn_started',
          sessionId,
          turnId,
          contents: [
            jsonContent('turn', record),
            jsonContent('configuration', configuration),
            ...(changed ? [changed] : []),
          ],
        });
        rows.insertTurn(turnId, sessionId, at, source, retryOf);
      });
    } catch (thrown) {
      turn.user.discard();
      throw logFault(thrown);
    }
    announced.delete(sessionId);
    early.delete(sessionId);
    if (changed) inForceIn.set(sessionId, changed);
    turns.set(turnId, turn);
  }

  function keepOfSession(event: OfSession): void {
    const { at, sessionId, turnId } = event;
    const of =
      event.type === 'server_recording'
        ? ({ kind: 'server_recording', contents: [recordingContent(event)] } as const)
        : ({ kind: 'fault', contents: [faultContent(event)] } as const);
    const entry: NewEntry = { at, sessionId, turnId, ...of };
    if (rows.hasSession(sessionId)) defer(entry);
    else early.set(sessionId, [...(early.get(sessionId) ?? []), entry].slice(-MOST_EARLY));
  }

  function end(turn: TurnRecording, event: Extract<SessionEvent, { type: 'turn_ended' }>): void {
    const { at, sessionId, turnId, outcome } = event;
    for (const attempt of openAttempts.get(turnId) ?? []) attempt.endWithTurn('open when the turn ended');
    turns.delete(turnId);
    if (event.stopReason !== null) {
      const stop: StopRecord = { reason: event.stopReason };
      defer({ at, kind: 'turn_stopped', sessionId, turnId, contents: [jsonContent('stop', stop)] });
    }
    ending.set(turnId, () => {
      ending.delete(turnId);
      writes.defer(() => {
        const contents = turn.contents(event);
        entries.append({ at, kind: 'turn_ended', sessionId, turnId, contents });
        rows.endTurn(turnId, at, outcome);
      });
      writes.flush();
    });
    if (turn.hasSound) void turn.fileSoon().then(() => ending.get(turnId)?.());
    else ending.get(turnId)?.();
  }

  function finishEndings(): void {
    for (const finish of [...ending.values()]) finish();
  }

  /** @returns null when the session's last turn said the same */
  function newlyInForce(sessionId: string, agentId: string): StoredContent | null {
    const record = inForce(agentId);
    const now = record && jsonContent('in-force', record);
    const before = inForceIn.get(sessionId);
    return now && before && Buffer.compare(now.bytes, before.bytes) === 0 ? null : now;
  }

  function versions(): SessionRecord['versions'] {
    const { node, electron } = process.versions;
    const sqlite = sqliteVersion(database);
    return { squelch: appVersion, ...sdkVersions, node, ...(electron ? { electron } : {}), sqlite };
  }

  return {
    record(event) {
      if (event.type === 'session_started') {
        announced.set(event.sessionId, { at: event.at, agentId: event.agentId });
        return;
      }
      if (event.type === 'fault' || event.type === 'server_recording') {
        keepOfSession(event);
        return;
      }
      if (event.type === 'error') {
        // What a turn ends with is told by its end.
        if (event.recoverable) keepOfSession(event);
        return;
      }
      if (event.type === 'close') {
        for (const known of [announced, early, inForceIn]) known.delete(event.sessionId);
        return;
      }
      if (event.turnId === null) return;
      if (event.type === 'turn_started') {
        start(event);
        return;
      }
      const turn = turns.get(event.turnId);
      if (!turn) return;
      const { at, sessionId, turnId } = event;
      const keep = (kind: EntryKind, name: string, value: unknown) =>
        defer({ at, kind, sessionId, turnId, contents: [jsonContent(name, value)] });
      switch (event.type) {
        case 'capture_ended':
          turn.endCapture();
          keep('capture_ended', 'capture', { ...event.report, level: turn.level } satisfies CaptureRecord);
          return;
        case 'user_speech_committed':
          keep('user_speech', 'message', {
            messageId: event.messageId,
            text: event.text,
            ...(event.given ? { given: true } : {}),
          } satisfies UserMessageRecord);
          return;
        case 'agent_speech_committed': {
          const { messageId, text, heardText, interrupted } = event;
          keep('agent_speech', 'message', { messageId, text, heardText, interrupted });
          return;
        }
        case 'conversation_item_added': {
          const step = stepRecord(event.item);
          if (step) keep(step.kind, step.name, step.record);
          return;
        }
        case 'tool_call_decided': {
          const record: ToolDecisionRecord = { callId: event.callId, decision: event.decision };
          keep('tool_decision', 'decision', record);
          return;
        }
        case 'function_tools_executed':
          for (const { call, output, durationMs, failure } of event.executions) {
            const record: ToolResultRecord = {
              callId: call.callId,
              output: output.output,
              isError: output.isError,
              durationMs,
              failure,
            };
            keep('tool_result', 'result', record);
          }
          return;
        case 'usage_reported':
          keep('usage', 'usage', event.usage);
          return;
        case 'turn_ended':
          end(turn, event);
          return;
        default:
          turn.gather(event);
      }
    },
    opened(attempt) {
      // Turns that are not kept, those of a private session, leave no requests either.
      if (!turns.has(attempt.turnId) && !rows.hasTurn(attempt.turnId)) return;
      const ofTurn = openAttempts.get(attempt.turnId) ?? new Set();
      openAttempts.set(attempt.turnId, ofTurn.add(attempt));
      writes.flushInLull();
    },
    finished(attempt) {
      const { turnId, startedAt } = attempt;
      const ofTurn = openAttempts.get(turnId);
      if (!ofTurn?.delete(attempt)) return;
      if (ofTurn.size === 0) openAttempts.delete(turnId);
      writes.defer(() => {
        const sessionId = rows.sessionOf(turnId);
        entries.append({ at: startedAt, kind: 'attempt', sessionId, turnId, contents: attempt.contents() });
      });
    },
    settle() {
      for (const [turnId, attempts] of [...openAttempts]) {
        if (turns.has(turnId)) continue;
        for (const attempt of [...attempts]) attempt.endWithTurn('open when its turn was settled');
      }
      finishEndings();
      writes.flush();
    },
    finishEndings,
    close() {
      for (const attempts of [...openAttempts.values()]) {
        for (const attempt of attempts) attempt.finish('aborted', 'open when Squelch closed');
      }
      finishEndings();
      writes.close();
      for (const turn of turns.values()) turn.close();
    },
  };
}

function faultContent(event: SessionError) {
  const { code, message, hint } = event.error;
  const about = event.type === 'fault' ? event : { source: 'session' as const, participant: null };
  const record: FaultRecord = { source: about.source, code, message, hint, participant: about.participant };
  return jsonContent('fault', record);
}

function recordingContent({ recording }: Pick<ServerRecording, 'recording'>) {
  const record: ServerRecordingRecord = recording;
  return jsonContent('server-recording', record);
}

interface SessionOpening extends SessionRecord {
  readonly at: number;
  readonly sessionId: string;
}

/** A session of an earlier run is not made again, but says what writes it from here on. */
function appendSession(entries: EntryWriter, rows: Rows, { at, sessionId, ...record }: SessionOpening): void {
  const resumed = rows.hasSession(sessionId);
  const contents = [jsonContent('session', record)];
  entries.append({ at, kind: resumed ? 'session_resumed' : 'session_started', sessionId, turnId: null, contents });
  if (!resumed) rows.insertSession(sessionId, at, record.agentId);
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}

type Rows = ReturnType<typeof prepareRows>;

function prepareRows(database: LogDatabase) {
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
