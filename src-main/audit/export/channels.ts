/** Which voices a file of sound holds, and how: one channel, or the user left and the agent right. */
import type { ExportTrack } from '../../../src-preload/export-formats.ts';
import { add, type SoundBlock } from './timeline-sound.ts';

export function channelCount(track: ExportTrack): 1 | 2 {
  return track === 'both' ? 2 : 1;
}

/** @returns the samples of one block, channel by channel; the block's own where nothing is mixed */
export function channelsOf({ user, agent }: SoundBlock, track: ExportTrack): Int16Array[] {
  if (track === 'both') return [user, agent];
  if (track === 'user') return [user];
  if (track === 'agent') return [agent];
  const mixed = user.slice();
  add(mixed, agent, 0);
  return [mixed];
}

/** @returns the samples of one block as they lie in a WAV file: one of each channel by turns */
export function interleave(block: SoundBlock, track: ExportTrack): Int16Array {
  const [first = block.user, second] = channelsOf(block, track);
  if (!second) return first;
  const both = new Int16Array(2 * first.length);
  for (let index = 0; index < first.length; index++) {
    both[2 * index] = first[index] as number;
    both[2 * index + 1] = second[index] as number;
  }
  return both;
}
