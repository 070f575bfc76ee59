import { describe, expect, it } from 'vitest';
import { decodeAudioFile } from '../../../src-main/audio/decode.ts';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { measureLevel } from '../../../src-main/audio/level.ts';
import { LIVEKIT_SERVER, needsServer } from '../../support/livekit-server.ts';
import { RoomPerson } from '../../support/room-person.ts';
import { startSharedApp } from '../../support/shared-app.ts';
import { speech } from '../../support/speech.ts';

const question = await speech(
  'One packet in ten is lost on its way to the server, and one in ten of the others on its way from there. What can you do?',
);

// Only Linux and Windows have a second address on loopback by themselves.
const possible = LIVEKIT_SERVER !== null && process.platform !== 'darwin';

describe.skipIf(!possible)(needsServer('A network that loses 10 % and takes 200 ms'), { timeout: 90_000 }, () => {
  it('carries a turn: the words arrive, both voices are kept, and what was lost is counted', async () => {
    const network = { loss: 0.1, delayMs: 200 };
    const replies = { transcript: 'What can you do?', reply: 'I can listen to you for as long as you like.' };
    const { window, livekit, room, provider } = await startSharedApp({ ...replies, network });
    const anna = await RoomPerson.join(livekit, { identity: 'anna', name: 'Anna', room });
    await anna.say(question);
    await anna.until(() => anna.wordsOf('agent')[0]);
    expect(anna.wordsOf('anna')).toEqual(['What can you do?']);
    expect(anna.wordsOf('agent')).toEqual(['I can listen to you for as long as you like.']);

    const turn = await window.outcome([...window.turns.keys()][0] as string);
    expect(turn).toMatchObject({ outcome: 'completed', speaker: { identity: 'anna', name: 'Anna' } });
    expect(livekit.packets.lost).toBeGreaterThan(0);
    expect(turn.user.lostFrames).toBeGreaterThan(0);
    expect(turn.user.audioMs).toBeGreaterThan(question.length / 24);
    const [sent] = provider.requests('stt');
    expect(sent?.audio?.samples.length).toBeGreaterThan((question.length / 24) * 0.9 * 16);
    const { turns } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(turns[0]).toMatchObject({ user: { lostFrames: turn.user.lostFrames } });
    for (const track of ['user', 'agent'] as const) {
      const { path } = await window.invoke('sessions.export', {
        exportId: `${turn.id}-${track}`,
        selection: { sessionIds: [turn.sessionId] },
        format: 'mp3',
        track,
      });
      const sound: Int16Array[] = [];
      for await (const { samples } of decodeAudioFile(path)) sound.push(samples);
      expect(measureLevel(concatSamples(sound)).rmsDbfs, track).toBeGreaterThan(-50);
    }
  });
});
