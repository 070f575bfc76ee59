/** A room with somebody else's agent: what a window tells of it becomes a turn like any other. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ROOM_SOUND_STREAM } from '../../../src-preload/room-protocol.ts';
import type { RoomReport } from '../../../src-preload/rooms-contract.ts';
import { startApp } from '../../support/running-app.ts';
import { quiet, speech } from '../../support/speech.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { TestWindow } from '../../support/test-window.ts';

const question = await speech('Is anybody there?');
/** Says nothing that the server would have to believe. */
const TOKEN = ['{}', '{"sub":"olga","video":{"room":"studio"}}', 'x']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

async function join(): Promise<{ window: TestWindow; report: (report: RoomReport) => Promise<unknown> }> {
  const { window } = await startApp(await temporaryFolder());
  const room = await window.invoke('room.join', { url: 'ws://127.0.0.1:7880', token: TOKEN });
  expect(room).toMatchObject({ mode: 'joined', name: 'studio', identity: 'olga' });
  const report = (report: RoomReport) => window.invoke('room.report', report);
  await report({ type: 'agent', identity: 'agent-1', state: 'listening' });
  return { window, report };
}

/** Holds the key and says it. @returns the turn's id */
async function say(window: TestWindow): Promise<string> {
  const takeId = await window.press();
  const next = await window.speak(takeId, question);
  await window.speak(takeId, quiet(400), { from: next });
  await window.release(takeId);
  return window.until(() => window.conversation?.turnId);
}

describe('a room that was joined', () => {
  it('keeps both sides of a turn', async () => {
    const { window, report } = await join();
    const turnId = await say(window);
    await report({ type: 'transcript', role: 'user', segmentId: 'u1', text: 'Is anybody', final: false });
    await report({ type: 'transcript', role: 'user', segmentId: 'u1', text: 'Is anybody there?', final: true });
    await report({ type: 'agent', identity: 'agent-1', state: 'thinking' });
    await report({ type: 'agent', identity: 'agent-1', state: 'speaking' });
    await report({ type: 'transcript', role: 'agent', segmentId: 'a1', text: 'Yes, I', final: false });
    const voice = quiet(1_000);
    for (let frame = 0; frame < 50; frame++) {
      window.frame(ROOM_SOUND_STREAM, frame, voice.slice(frame * 480, (frame + 1) * 480));
    }
    await report({ type: 'transcript', role: 'agent', segmentId: 'a1', text: 'Yes, I am.', final: true });
    await report({ type: 'agent', identity: 'agent-1', state: 'listening' });

    const turn = await window.outcome(turnId);
    expect(turn).toMatchObject({ outcome: 'completed', error: null, models: { stt: 'livekit/studio' } });
    expect(turn.user.committed).toBe('Is anybody there?');
    expect(turn.reply).toMatchObject({ text: 'Yes, I am.', heardLength: 10, audioMs: 1_000, heardMs: 1_000 });
    const { turns } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(turns[0]).toMatchObject({ outcome: 'completed', reply: { text: 'Yes, I am.', audioMs: 1_000 } });
  });

  it('keeps pauses of the voice where they were', async () => {
    const { window, report } = await join();
    const turnId = await say(window);
    await report({ type: 'agent', identity: 'agent-1', state: 'speaking' });
    for (const frame of [0, 1, 27, 28]) window.frame(ROOM_SOUND_STREAM, frame, quiet(20));
    await report({ type: 'transcript', role: 'agent', segmentId: 'a1', text: 'One. Two.', final: true });
    await report({ type: 'agent', identity: 'agent-1', state: 'listening' });
    const turn = await window.outcome(turnId);
    expect(turn.user.committed).toBe('[not transcribed]');
    expect(turn.reply).toMatchObject({ text: 'One. Two.', audioMs: 29 * 20 });
  });

  it('waits for an agent that says that it thinks, and hears out one that speaks on', { timeout: 30_000 }, async () => {
    const { window, report } = await join();
    const turnId = await say(window);
    await report({ type: 'agent', identity: 'agent-1', state: 'thinking' });
    // Both longer than one that says nothing of itself would be given.
    await sleep(5_500);
    await report({ type: 'agent', identity: 'agent-1', state: 'speaking' });
    await report({ type: 'transcript', role: 'agent', segmentId: 'a1', text: 'Let me see.', final: true });
    for (let frame = 0; frame < 250; frame++) {
      window.frame(ROOM_SOUND_STREAM, frame, quiet(20));
      await sleep(20);
    }
    await report({ type: 'agent', identity: 'agent-1', state: 'listening' });
    const turn = await window.outcome(turnId);
    expect(turn).toMatchObject({ outcome: 'completed', error: null });
    expect(turn.reply).toMatchObject({ text: 'Let me see.', audioMs: 5_000 });
  });

  it('adds what the agent understood when it tells so late, during its answer or after it', async () => {
    const { window, report } = await join();
    for (const when of ['during', 'after'] as const) {
      const turnId = await say(window);
      await report({ type: 'agent', identity: 'agent-1', state: 'speaking' });
      const committed = () => window.turns.get(turnId)?.user.committed;
      await expect.poll(committed, { timeout: 5_000 }).toBe('[not transcribed]');
      const late = { type: 'transcript', role: 'user', segmentId: `u-${when}`, final: true } as const;
      if (when === 'during') await report({ ...late, text: 'Said during' });
      await report({ type: 'transcript', role: 'agent', segmentId: `a-${when}`, text: 'Yes.', final: true });
      await report({ type: 'agent', identity: 'agent-1', state: 'listening' });
      await window.outcome(turnId);
      if (when === 'after') await report({ ...late, text: 'Said after' });
      await expect.poll(committed).toBe(`Said ${when}`);
      const { sessionId } = window.turns.get(turnId) ?? { sessionId: '' };
      const logged = async () => {
        const { turns } = await window.invoke('sessions.get', { sessionId });
        return turns.find(({ id }) => id === turnId);
      };
      await expect.poll(logged).toMatchObject({ user: { committed: `Said ${when}` }, reply: { text: 'Yes.' } });
    }
    const sessions = await window.invoke('sessions.list', { before: null, limit: 10 });
    expect(sessions.map(({ title }) => title)).toEqual(['Said during']);
    expect((await window.invoke('log.verify', { sessionId: null })).problems).toEqual([]);
    const found = await window.invoke('sessions.search', { query: 'said', filter: {}, limit: 10 });
    expect(found).toHaveLength(2);
  });

  it('takes nothing for an answer that sounds before what was said has arrived', async () => {
    const { window, report } = await join();
    await report({ type: 'sending', underWay: true });
    const turnId = await say(window);
    for (let frame = 0; frame < 50; frame++) {
      window.frame(ROOM_SOUND_STREAM, frame, quiet(20));
      await sleep(20);
    }
    await report({ type: 'sending', underWay: false });
    await report({ type: 'transcript', role: 'user', segmentId: 'u1', text: 'Is anybody there?', final: true });
    await report({ type: 'agent', identity: 'agent-1', state: 'speaking' });
    for (const frame of [50, 51]) window.frame(ROOM_SOUND_STREAM, frame, quiet(20));
    await report({ type: 'transcript', role: 'agent', segmentId: 'a1', text: 'Yes.', final: true });
    await report({ type: 'agent', identity: 'agent-1', state: 'listening' });
    const turn = await window.outcome(turnId);
    expect(turn).toMatchObject({ outcome: 'completed', reply: { text: 'Yes.', audioMs: 40 } });
    expect(turn.user.committed).toBe('Is anybody there?');
  });

  it('names an agent that does not take the turn, and one that leaves while it answers', async () => {
    const { window, report } = await join();
    const refused = await say(window);
    const fault = { stage: null, code: 'room-agent-silent', message: 'It did not answer', hint: 'Try again.' };
    await report({ type: 'refused', fault });
    expect(await window.outcome(refused)).toMatchObject({ outcome: 'failed', error: { code: 'room-agent-silent' } });

    const left = await say(window);
    await report({ type: 'transcript', role: 'user', segmentId: 'u2', text: 'Is anybody there?', final: true });
    await report({ type: 'agent', identity: 'agent-1', state: 'thinking' });
    await report({ type: 'agent', identity: null, state: null });
    const turn = await window.outcome(left);
    expect(turn).toMatchObject({ outcome: 'failed', error: { code: 'room-agent-left' } });
    const { faults } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(faults).toMatchObject([
      { turnId: refused, code: 'room-agent-silent', message: 'It did not answer' },
      { turnId: left, code: 'room-agent-left' },
    ]);
  });

  it('is left for a conversation with an agent of this Squelch', async () => {
    const { window } = await join();
    await window.invoke('room.leave', {});
    expect((await window.invoke('room.get', {})).room).toBeNull();
    expect((await window.invoke('conversation.get', {})).conversation.agentId).toBe('assistant');
    const { room } = await window
      .invoke('room.join', { url: 'ws://127.0.0.1:7880', token: TOKEN })
      .then(() => window.invoke('room.get', {}));
    expect(room?.name).toBe('studio');
    await window.invoke('conversation.new', {});
    expect((await window.invoke('room.get', {})).room).toBeNull();
  });

  it('refuses what is no token', async () => {
    const { window } = await startApp(await temporaryFolder());
    await expect(
      window.invoke('room.join', { url: 'ws://127.0.0.1:7880', token: 'not.a.token' }),
    ).rejects.toMatchObject({ code: 'room-token-malformed' });
  });
});
