/** Which voices a file of sound holds, and how: one channel, or the user left and the agent right. */
import type { ExportTrack } from '../../../src-preload/export-formats.ts';
import { add, type SoundBlock } from './timeline-sound.ts';

export function channelCount(track: ExportTrack): 1 | 2 {
  return track === 'both' ? 2 : 1;
}

/** @returns the samples of one block as they lie in a file, in an array of its own: interleaved for two channels */
export function interleave({ user, agent }: SoundBlock, track: ExportTrack): Int16Array {
  if (track === 'user') return user.slice();
  if (track === 'agent') return agent.slice();
  if (track === 'mixed') {
    const mixed = user.slice();
    add(mixed, agent, 0);
    return mixed;
  }
  const both = new Int16Array(2 * user.length);
  for (let index = 0; index < user.length; index++) {
    both[2 * index] = user[index] as number;
    both[2 * index + 1] = agent[index] as number;
  }
  return both;
}
