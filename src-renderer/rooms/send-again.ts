/**
 * A turn sent again, to whoever is talked with: the core has what was said, but the agent of a room that was joined gets it
 * from here.
 */
import { recordingPath } from '../../src-preload/recording-path.ts';
import { samplesOf } from '../audio/wav.ts';
import type { Services } from '../services.ts';

/** @throws when the core refuses it, or what was said can't be had */
export async function sendAgain({ bridge, playback, store }: Services, turnId: string): Promise<void> {
  void playback.wake();
  // Kept before it is said: the answer may come at once.
  await bridge.invoke('talk.retry', { turnId });
  const { room, rooms } = store.getState();
  if (!room || rooms?.room?.mode !== 'joined') return;
  const alternatives = await bridge.invoke('turns.alternatives', { turnId });
  const asked = alternatives.find(({ id }) => id === turnId);
  if (asked?.source === 'voice') {
    const recording = await fetch(recordingPath(turnId, 'user'));
    if (recording.ok) return room.sayAgain(samplesOf(await recording.arrayBuffer()));
  }
  await room.say(asked?.user.committed ?? '');
}
