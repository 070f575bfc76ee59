/** Words as text streams of a real room. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { RoomTranscripts } from '../../../src-main/transport/livekit/room-transcripts.ts';
import { Room } from '../../../src-main/transport/livekit/sdk.ts';
import { LIVEKIT_SERVER, LiveKitServer, needsServer } from '../../support/livekit-server.ts';
import { RoomPerson } from '../../support/room-person.ts';

describe.skipIf(!LIVEKIT_SERVER)(needsServer('Transcripts in a room'), { timeout: 60_000 }, () => {
  it('go on in a stream of their own where the room is another, instead of in one of the room before', async () => {
    const livekit = await LiveKitServer.start();
    const enter = async (name: string) => {
      const room = new Room();
      await room.connect(livekit.url, await livekit.token({ identity: 'agent', room: name }), {
        autoSubscribe: false,
        dynacast: false,
      });
      onTestFinished(() => room.disconnect());
      return room;
    };
    const [before, after] = [await enter('before'), await enter('after')];
    const reader = await RoomPerson.joinUnheardIn(livekit, { identity: 'reader', room: 'after' });
    let current = before;
    const transcripts = new RoomTranscripts(() => current);
    const segment = { id: 'reply', identity: 'agent', trackId: null };
    transcripts.append(segment, 'Said in the room before. ');
    await transcripts.settle();
    current = after;
    transcripts.append(segment, 'Said in this one.');
    await transcripts.settle();
    await expect.poll(() => reader.lines.get('reply')?.text, { timeout: 10_000 }).toBe('Said in this one.');
    // The same stream, as long as the room is the same.
    transcripts.append(segment, ' And more.');
    await expect.poll(() => reader.lines.get('reply')?.text).toBe('Said in this one. And more.');
    await transcripts.settle();
  });
});
