/** LiveKit Egress: a room that its server records too, and servers that do not. */
import { EgressStatus } from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import type { ServerRecordingView } from '../../../src-preload/contract.ts';
import { EgressServer } from '../../support/egress-server.ts';
import { LIVEKIT_SERVER, needsServer } from '../../support/livekit-server.ts';
import { RoomPerson } from '../../support/room-person.ts';
import { type SharedApp, startSharedApp } from '../../support/shared-app.ts';

interface Recorded extends SharedApp {
  /** What its own server records; the LiveKit server is reached by it. */
  readonly egress: EgressServer;
  /** Of the conversation in progress, once something was said. */
  logged(sessionId?: string): Promise<{ codes: string[]; recordings: ServerRecordingView[] }>;
  noticed(): Promise<string[]>;
}

async function share(manner: EgressServer['manner'] = 'well'): Promise<Recorded> {
  let egress: EgressServer | null = null;
  const shared = await startSharedApp({
    reply: 'I can listen.',
    rules: { serverRecording: true },
    before: async (livekit) => {
      egress = await EgressServer.start(livekit);
      egress.manner = manner;
      return egress.url;
    },
  });
  const { window } = shared;
  return {
    ...shared,
    egress: egress as unknown as EgressServer,
    async logged(sessionId = [...window.turns.values()].at(-1)?.sessionId ?? '') {
      const { faults, serverRecordings } = await window.invoke('sessions.get', { sessionId });
      return { codes: faults.map(({ code }) => code), recordings: serverRecordings };
    },
    noticed: async () => (await window.invoke('app.get', {})).notices.map(({ message }) => message),
  };
}

describe.skipIf(!LIVEKIT_SERVER)(needsServer('A room that its server records'), { timeout: 60_000 }, () => {
  it('is recorded from its beginning to its end, which everybody there and the log are told', async () => {
    const { window, egress, livekit, room, logged } = await share();
    const anna = await RoomPerson.join(livekit, { identity: 'anna', room });
    await anna.until(() => anna.room.isRecording);
    const { sessionId } = await window.type('What can you do?');
    await expect.poll(async () => (await logged()).recordings).toMatchObject([{ egressId: 'EG_1', endedAt: null }]);

    await window.invoke('room.leave', {});
    const name = `squelch/${room}/${sessionId}-2026-01-02T030405.ogg`;
    await expect
      .poll(async () => (await logged()).recordings)
      .toEqual([
        {
          egressId: 'EG_1',
          room,
          status: 'complete',
          files: [{ name, location: `https://storage.example/${name}`, durationMs: 3_000, bytes: 48_000 }],
          error: null,
          startedAt: expect.any(Number),
          endedAt: expect.any(Number),
        },
      ]);
    expect((await logged()).codes).toEqual([]);
    expect(egress.recordings).toHaveLength(1);
    expect(await window.invoke('log.verify', { sessionId: null })).toMatchObject({ ok: true, problems: [] });
  });

  it('has a file for each conversation, and none for one of which nothing is kept', async () => {
    const { window, egress, logged } = await share();
    await expect.poll(() => egress.recordings.map(({ status }) => status)).toEqual([EgressStatus.EGRESS_ACTIVE]);
    const first = await window.type('What can you do?');
    await window.invoke('conversation.new', {});
    await expect.poll(() => egress.recordings[1]?.status).toBe(EgressStatus.EGRESS_ACTIVE);
    await window.type('And now?');
    await expect.poll(async () => (await logged(first.sessionId)).recordings).toMatchObject([{ status: 'complete' }]);
    expect((await logged()).recordings).toMatchObject([{ egressId: 'EG_2', endedAt: null }]);

    await window.invoke('conversation.new', { private: true });
    await expect
      .poll(() => egress.recordings.map(({ status }) => status))
      .toEqual([EgressStatus.EGRESS_COMPLETE, EgressStatus.EGRESS_COMPLETE]);
    await window.type('Between us.');
    await window.invoke('room.leave', {});
    expect(egress.recordings).toHaveLength(2);
  });

  it('is recorded once, and ended, where the answer that it began was lost', async () => {
    const { window, egress, logged, noticed } = await share('lost');
    await window.type('What can you do?');
    await expect.poll(async () => (await logged()).recordings).toMatchObject([{ egressId: 'EG_1' }]);
    await window.invoke('room.leave', {});
    await expect.poll(async () => (await logged()).recordings).toMatchObject([{ status: 'complete' }]);
    expect(egress.recordings).toHaveLength(1);
    expect(await noticed()).toEqual([]);
  });

  it('is told of a recording that ended by itself', async () => {
    const { window, egress, logged, noticed } = await share();
    await expect.poll(() => egress.recordings[0]?.status).toBe(EgressStatus.EGRESS_ACTIVE);
    await window.type('What can you do?');
    await egress.break(EgressStatus.EGRESS_ABORTED, 'Source closed');
    await expect.poll(async () => (await logged()).codes, { timeout: 15_000 }).toEqual(['egress-ended']);
    expect((await logged()).recordings).toMatchObject([{ status: 'aborted', error: 'Source closed' }]);
    expect(await noticed()).toEqual([expect.stringContaining('Source closed')]);
    expect(await window.type('Still there?')).toMatchObject({ outcome: 'completed' });
  });

  it('says so when the server is away at the end', async () => {
    const { window, egress, logged, noticed } = await share();
    await expect.poll(() => egress.recordings[0]?.status).toBe(EgressStatus.EGRESS_ACTIVE);
    await window.type('What can you do?');
    egress.manner = 'away';
    await window.invoke('room.leave', {});
    await expect.poll(async () => (await logged()).codes).toEqual(['egress-left-running']);
    expect((await logged()).recordings).toMatchObject([{ status: 'unknown', endedAt: expect.any(Number) }]);
    expect(await noticed()).toEqual([expect.stringContaining('could not be told to end')]);
  });

  it.each([
    ['egress-missing', { status: 503, code: 'unavailable', msg: 'no response from servers' }],
    ['egress-not-permitted', { status: 401, code: 'unauthenticated', msg: 'permissions denied' }],
    ['egress-refused', { status: 400, code: 'invalid_argument', msg: 'bad token eyJhbGciOi.eyJ2aWRlbyI.x' }],
    ['egress-unreachable', 'away'],
  ] as const)('is kept by Squelch alone after %s, told once', async (code, manner) => {
    const { window, logged, noticed } = await share(manner);
    const turn = await window.type('What can you do?');
    expect(turn).toMatchObject({ outcome: 'completed', reply: { text: 'I can listen.' } });
    await expect.poll(async () => (await logged()).codes).toEqual([code]);
    expect((await logged()).recordings).toEqual([]);
    await window.invoke('room.leave', {});
    const notices = await noticed();
    expect(notices).toHaveLength(1);
    expect(notices.join()).not.toContain('eyJ');
  });

  it('is kept by Squelch alone where the server has no Egress', async () => {
    const { window } = await startSharedApp({ reply: 'I can listen.', rules: { serverRecording: true } });
    const { sessionId, reply } = await window.type('What can you do?');
    expect(reply.text).toBe('I can listen.');
    const faults = async () => (await window.invoke('sessions.get', { sessionId })).faults;
    await expect.poll(faults).toMatchObject([{ code: 'egress-missing' }]);
    const { notices } = await window.invoke('app.get', {});
    expect(notices).toMatchObject([{ level: 'warning', hint: expect.stringContaining('own recording') }]);
  });
});
