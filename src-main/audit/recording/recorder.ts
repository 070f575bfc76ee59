/**
 * Listens to a conversation and keeps all of it. The conversation does not know: nothing here throws into it, but for
 * the start of a turn that can't be kept, which must not begin.
 */
import type { SessionEvent } from '../../conversation/events.ts';
import type { Fault } from '../../fault.ts';
import { createEntryWriter, jsonContent, type NewEntry } from '../chain/entries.ts';
import type {
  CaptureRecord,
  EntryKind,
  InForceRecord,
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
import { prepareRows } from './index-rows.ts';
import { type ExpectedSession, SessionRecordings } from './session-recordings.ts';
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
   * A session has begun that is to be kept. It gets its entry with its first turn or with the first thing that goes wrong
   * in it; where nothing happens it leaves nothing.
   */
  expect(session: ExpectedSession): void;
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
export function createRecorder(options: RecorderOptions): Recorder {
  const { home, database, appVersion, sdkVersions = {}, inForce = () => null, onFault } = options;
  const entries = createEntryWriter(database);
  const rows = prepareRows(database);
  const writes = createWriteBehind(database, onFault);
  const turns = new Map<string, TurnRecording>();
  /** Turns that are over, whose sound is on its way to the disk; each can be finished at once. */
  const ending = new Map<string, () => void>();
  const openAttempts = new Map<string, Set<Attempt>>();
  const sessions = new SessionRecordings(entries, rows, versions);

  function defer(entry: NewEntry): void {
    writes.defer(() => void entries.append(entry));
  }

  function start(event: TurnStarted): void {
    const { at, sessionId, turnId, source, retryOf, configuration } = event;
    const turn = new TurnRecording({ home, turnId, startedAt: at, onFault });
    const changed = sessions.newlyInForce(sessionId, inForce(configuration.agentId));
    try {
      if (source === 'voice') turn.user.open();
      writes.commit(() => {
        sessions.begin({ at, sessionId, agentId: configuration.agentId });
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
    sessions.begun(sessionId, changed);
    turns.set(turnId, turn);
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

  function versions(): SessionRecord['versions'] {
    const { node, electron } = process.versions;
    const sqlite = sqliteVersion(database);
    return { squelch: appVersion, ...sdkVersions, node, ...(electron ? { electron } : {}), sqlite };
  }

  return {
    expect: (session) => sessions.expect(session),
    record(event) {
      if (event.type === 'session_started') {
        sessions.announce(event);
        return;
      }
      if (event.type === 'fault' || event.type === 'server_recording' || event.type === 'error') {
        // What a turn ends with is told by its end.
        const write = event.type === 'error' && !event.recoverable ? null : sessions.keep(event);
        if (write) writes.defer(write);
        return;
      }
      if (event.type === 'close') {
        sessions.forget(event.sessionId);
        return;
      }
      if (event.turnId === null) return;
      if (event.type === 'turn_started') {
        start(event);
        return;
      }
      const { at, sessionId, turnId } = event;
      const keep = (kind: EntryKind, name: string, value: unknown) =>
        defer({ at, kind, sessionId, turnId, contents: [jsonContent(name, value)] });
      const turn = turns.get(turnId);
      // What was said may come to be known after the turn.
      if (event.type === 'user_speech_committed' && (turn || rows.hasTurn(turnId))) {
        const { messageId, text, given } = event;
        keep('user_speech', 'message', { messageId, text, ...(given ? { given } : {}) } satisfies UserMessageRecord);
        return;
      }
      if (!turn) return;
      switch (event.type) {
        case 'capture_ended':
          turn.endCapture();
          keep('capture_ended', 'capture', { ...event.report, level: turn.level } satisfies CaptureRecord);
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
