/** What went wrong and ended no turn, kept where it happened. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createEntryWriter, jsonContent } from '../../../src-main/audit/chain/entries.ts';
import { exportSessions } from '../../../src-main/audit/export/export-sessions.ts';
import { databasePath } from '../../../src-main/audit/store/database.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript } from '../../support/turns.ts';

const ANNA = { identity: 'guest-1', name: 'Anna' };

function fault(code: string) {
  return { stage: null, code, message: 'The room was away', hint: 'Wait', cause: 'no route' };
}

it('is told with the session, before, in and between its turns, and is part of the chain', async () => {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  const { sessionId } = script;
  log.expect({ sessionId, agentId: 'assistant' });
  script.emit({ type: 'fault', source: 'room', turnId: null, error: fault('early'), participant: null });
  script.emit({ type: 'session_started', agentId: 'assistant' });
  script.begin('first');
  script.emit({ type: 'fault', source: 'room', turnId: 'first', error: fault('within'), participant: ANNA });
  script.end('first', 'completed');
  script.emit({ type: 'fault', source: 'room', turnId: null, error: fault('between'), participant: null });
  close();

  const reopened = openLog(home);
  const told = reopened.log.queries.getSession(script.sessionId)?.faults;
  expect(told?.map(({ code, turnId, participant }) => [code, turnId, participant])).toEqual([
    ['early', null, null],
    ['within', 'first', ANNA],
    ['between', null, null],
  ]);
  expect(told?.[1]).toMatchObject({
    at: expect.any(Number),
    message: 'The room was away',
    hint: 'Wait',
    cause: 'no route',
  });
  const [run, ...others] = reopened.log.queries.getSessionDetail(sessionId)?.runs ?? [];
  expect([run?.at, others], 'it began with what went wrong').toEqual([told?.[0]?.at, []]);
  expect(reopened.log.queries.getSessionDetail(script.sessionId)?.faults).toEqual(told);
  const out = join(home, 'session.json');
  const selection = { sessionIds: [script.sessionId] };
  await exportSessions(
    { home, selection, format: 'json', track: 'both', out, replace: false, appVersion: '0.0.0-test' },
    { progress: () => {}, signal: new AbortController().signal },
  );
  expect(JSON.parse(readFileSync(out, 'utf8')).faults).toEqual(told);
  expect(await reopened.log.verify({ sessionId: null, anchor: null })).toMatchObject({ ok: true });
});

it('reads as ever where an earlier Squelch kept it', async () => {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  script.wholeTurn('first', { user: 'Hello', reply: 'Hi' });
  close();
  const database = new Database(databasePath(home));
  const { sessionId } = script;
  const record = { code: 'room-connection-lost', message: 'The room was away', hint: 'Wait', participant: ANNA };
  createEntryWriter(database).append({
    at: script.now,
    kind: 'room_fault',
    sessionId,
    turnId: 'first',
    contents: [jsonContent('room-fault', record)],
  });
  database.close();
  const reopened = openLog(home);
  expect(reopened.log.queries.getSession(sessionId)?.faults).toEqual([
    { at: script.now, turnId: 'first', source: 'room', cause: null, ...record },
  ]);
  expect(await reopened.log.verify({ sessionId: null, anchor: null })).toMatchObject({ ok: true });
});

it('is kept of a session that never has a turn, which is told, exported and deleted like any other', async () => {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  const { sessionId } = script;
  log.expect({ sessionId, agentId: 'assistant' });
  log.expect({ sessionId: 'uneventful', agentId: 'assistant' });
  script.emit({ type: 'error', turnId: null, error: fault('hook-failed'), recoverable: true });
  script.emit({ type: 'close' });
  close();
  const reopened = openLog(home);
  const { queries } = reopened.log;
  expect(queries.listSessions({ before: null, limit: 10 })).toMatchObject([{ id: sessionId, turnCount: 0, title: '' }]);
  expect(queries.getSession(sessionId)?.faults).toMatchObject([{ source: 'session', code: 'hook-failed' }]);
  expect(await reopened.log.verify()).toMatchObject({ ok: true });
  for (const format of ['md', 'vtt', 'csv', 'json'] as const) {
    const out = join(home, `session.${format}`);
    const selection = { sessionIds: [sessionId] };
    await exportSessions(
      { home, selection, format, track: 'both', out, replace: false, appVersion: '0.0.0-test' },
      { progress: () => {}, signal: new AbortController().signal },
    );
    if (format !== 'csv') expect(readFileSync(out, 'utf8'), format).toContain('The room was away');
  }
  expect(JSON.parse(readFileSync(join(home, 'session.json'), 'utf8')).timeline.startedAt).toBe(script.now - 10);
  reopened.log.deleteSession(sessionId, 'test');
  expect(queries.getSession(sessionId)).toBeNull();
  expect(await reopened.log.verify()).toMatchObject({ ok: true });
});

it('goes with its session or with the words of its turn, and is not kept of one that is private', () => {
  const { log } = openLog(temporaryHome());
  const script = new EventScript(log.record);
  script.emit({ type: 'session_started', agentId: 'assistant' });
  script.begin('first');
  script.emit({ type: 'fault', source: 'room', turnId: 'first', error: fault('within'), participant: ANNA });
  script.end('first', 'completed');
  const other = new EventScript(log.record, 'private');
  other.emit({ type: 'fault', source: 'room', turnId: null, error: fault('unkept'), participant: null });
  log.redactTurn('first', 'audio', 'test');
  expect(log.queries.getSession(script.sessionId)?.faults).toHaveLength(1);
  log.redactTurn('first', 'text', 'what threw it may quote what was said');
  expect(log.queries.getSession(script.sessionId)?.faults).toEqual([]);
  log.deleteSession(script.sessionId, 'test');
  expect(log.queries.getSession(script.sessionId)).toBeNull();
  expect(log.queries.getSession('private')).toBeNull();
});
