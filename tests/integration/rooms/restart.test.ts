import { describe, expect, it } from 'vitest';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { RPC } from '../../../src-preload/room-protocol.ts';
import type { RoomsView } from '../../../src-preload/rooms-contract.ts';
import { LIVEKIT_SERVER, needsServer } from '../../support/livekit-server.ts';
import { RoomPerson } from '../../support/room-person.ts';
import { startSharedApp } from '../../support/shared-app.ts';
import { quiet, speech } from '../../support/speech.ts';

const question = await speech('What can you do for me today?');
const replies = { transcript: 'What can you do?', reply: 'I can listen to you.' };

describe.skipIf(!LIVEKIT_SERVER)(needsServer('A server that is killed and started again'), { timeout: 60_000 }, () => {
  it('costs whoever sits here nothing: the turn goes on, and the room comes back', async () => {
    const { window, livekit, room } = await startSharedApp(replies);
    let rooms: RoomsView | null = null;
    window.on('room.changed', (changed) => {
      rooms = changed;
    });
    const connection = () => rooms?.room?.connection;
    const takeId = await window.press();
    const half = question.length >> 1;
    const next = await window.speak(takeId, question.slice(0, half));
    await livekit.kill();
    await window.until(() => connection() === 'reconnecting' || null);
    expect(rooms).toMatchObject({ room: { fault: { code: 'room-connection-lost' } } });
    await window.speak(takeId, concatSamples([question.slice(half), quiet(400)]), { from: next });
    const turnId = window.conversation?.turnId as string;
    await window.release(takeId);
    await window.until(() => (window.turns.get(turnId)?.reply.text === replies.reply ? true : null));

    await livekit.run();
    await window.until(() => connection() === 'connected' || null);
    expect(rooms).toMatchObject({ room: { fault: null } });
    const turn = await window.outcome(turnId);
    expect(turn).toMatchObject({ outcome: 'completed', user: { lostFrames: 0, committed: 'What can you do?' } });
    expect(turn.user.audioMs).toBeGreaterThan(question.length / 24);
    const { faults } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(faults).toContainEqual(expect.objectContaining({ turnId, code: 'room-connection-lost' }));

    const anna = await RoomPerson.join(livekit, { identity: 'anna', room });
    await anna.say(question);
    await anna.until(() => anna.wordsOf('agent')[0]);
  });

  it('keeps what a guest had said, and answers it when the room is back', async () => {
    const { window, livekit, room } = await startSharedApp(replies);
    const anna = await RoomPerson.join(livekit, { identity: 'anna', name: 'Anna', room });
    await anna.call(RPC.startTurn);
    await anna.speak(concatSamples([question, quiet(300)]));
    await livekit.kill();
    const turnId = await window.until(() => window.conversation?.turnId);
    // Nobody is left who could let go.
    await window.until(() => (window.turns.get(turnId)?.reply.text === replies.reply ? true : null));
    const ben = livekit.run().then(() => RoomPerson.join(livekit, { identity: 'ben', room }));
    expect(await window.outcome(turnId)).toMatchObject({
      outcome: 'completed',
      speaker: { name: 'Anna' },
      user: { committed: 'What can you do?' },
    });
    await (await ben).agent();
  });
});
