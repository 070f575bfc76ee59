import { describe, expect, it } from 'vitest';
import { RPC } from '../../../src-preload/room-protocol.ts';
import { LIVEKIT_SERVER, needsServer } from '../../support/livekit-server.ts';
import { RoomPerson } from '../../support/room-person.ts';
import { startSharedApp } from '../../support/shared-app.ts';
import { speech } from '../../support/speech.ts';

describe.skipIf(!LIVEKIT_SERVER)(needsServer('A shared conversation'), { timeout: 60_000 }, () => {
  it('answers a guest in the room, and the log says who spoke', async () => {
    const { window, livekit, room } = await startSharedApp({ transcript: 'What can you do?', reply: 'I can listen.' });
    const anna = await RoomPerson.join(livekit, { identity: 'anna', name: 'Anna', room });
    await anna.say(await speech('What can you do?'));

    await anna.until(() => anna.wordsOf('agent')[0]);
    expect(anna.wordsOf('anna')).toEqual(['What can you do?']);
    expect(anna.wordsOf('agent')).toEqual(['I can listen.']);
    const turn = await window.outcome([...window.turns.keys()][0] as string);
    expect(turn).toMatchObject({ outcome: 'completed', speaker: { identity: 'anna', name: 'Anna' } });
    expect(turn.user.audioMs).toBeGreaterThan(500);
    const { turns } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(turns[0]?.speaker).toEqual({ identity: 'anna', name: 'Anna' });
    await anna.call(RPC.cancelTurn);
  });
});
