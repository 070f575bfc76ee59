/** What went wrong in a room, kept where it happened. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportSessions } from '../../../src-main/audit/export/export-sessions.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript } from '../../support/turns.ts';

const ANNA = { identity: 'guest-1', name: 'Anna' };

function fault(code: string) {
  return { stage: null, code, message: 'The room was away', hint: 'Wait' };
}

it('is told with the session, before, in and between its turns, and is part of the chain', async () => {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  script.emit({ type: 'room_fault', turnId: null, error: fault('early'), participant: null });
  expect(log.queries.findSession(script.sessionId), 'nothing was said yet').toBeNull();
  script.emit({ type: 'session_started', agentId: 'assistant' });
  script.begin('first');
  script.emit({ type: 'room_fault', turnId: 'first', error: fault('within'), participant: ANNA });
  script.end('first', 'completed');
  script.emit({ type: 'room_fault', turnId: null, error: fault('between'), participant: null });
  close();

  const reopened = openLog(home);
  const told = reopened.log.queries.getSession(script.sessionId)?.roomFaults;
  expect(told?.map(({ code, turnId, participant }) => [code, turnId, participant])).toEqual([
    ['early', null, null],
    ['within', 'first', ANNA],
    ['between', null, null],
  ]);
  expect(told?.[1]).toMatchObject({ at: expect.any(Number), message: 'The room was away', hint: 'Wait' });
  expect(reopened.log.queries.getSessionDetail(script.sessionId)?.roomFaults).toEqual(told);
  const out = join(home, 'session.json');
  const selection = { sessionIds: [script.sessionId] };
  await exportSessions(
    { home, selection, format: 'json', track: 'both', out, replace: false, appVersion: '0.0.0-test' },
    { progress: () => {}, signal: new AbortController().signal },
  );
  expect(JSON.parse(readFileSync(out, 'utf8')).roomFaults).toEqual(told);
  expect(await reopened.log.verify({ sessionId: null, anchor: null })).toMatchObject({ ok: true });
});

it('goes with its session, and is not kept of one that is private', () => {
  const { log } = openLog(temporaryHome());
  const script = new EventScript(log.record);
  script.emit({ type: 'session_started', agentId: 'assistant' });
  script.begin('first');
  script.emit({ type: 'room_fault', turnId: 'first', error: fault('within'), participant: ANNA });
  script.end('first', 'completed');
  const other = new EventScript(log.record, 'private');
  other.emit({ type: 'room_fault', turnId: null, error: fault('unkept'), participant: null });
  log.deleteSession(script.sessionId, 'test');
  expect(log.queries.getSession(script.sessionId)).toBeNull();
  expect(log.queries.getSession('private')).toBeNull();
});
