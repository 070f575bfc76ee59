/** The agent's voice in a room: what was written is heard, whether or not more will come. */
import { expect, onTestFinished, test } from 'vitest';
import { RoomVoice } from '../../../src-main/transport/livekit/room-voice.ts';
import type { Room } from '../../../src-main/transport/livekit/sdk.ts';

test('all of it is heard before its end is told, also when it is no whole number of frames', async () => {
  const voice = new RoomVoice();
  onTestFinished(() => voice.close());
  // The track plays the same with nobody to play it to.
  await voice.publishIn({} as Room);
  voice.setReachable(true);
  const playback = voice.play();
  const allHeard = new Promise<void>((resolve) => playback.onHeard((heard) => heard === 700 && resolve()));
  playback.write({ samples: new Int16Array(700), sampleRate: 24_000 });
  await allHeard;
  playback.write({ samples: new Int16Array(500), sampleRate: 24_000 });
  playback.end();
  expect(await playback.done).toEqual({ heardSamples: 1_200, complete: true });
});
