/** A session's sound as one WAV file. */
import type { FileHandle } from 'node:fs/promises';
import { PIPELINE_RATE } from '../../audio/frame.ts';
import { encodePcm, encodeWavHeader } from '../../audio/wav.ts';
import { Fault } from '../../fault.ts';
import { channelCount, interleave } from './channels.ts';
import type { SoundJob } from './sound-job.ts';
import { samplesOf, soundBlocks } from './timeline-sound.ts';

/** The lengths in a WAV header have 32 bits. */
const MAX_DATA_BYTES = 0xffffffff - 1024;

/** @throws Fault `export-too-long`, `export-sound-missing`; the signal's reason */
export async function writeWav(file: FileHandle, { home, timeline, track, progress, signal }: SoundJob): Promise<void> {
  const channels = channelCount(track);
  const total = samplesOf(timeline);
  const dataBytes = total * channels * 2;
  if (dataBytes > MAX_DATA_BYTES) {
    throw new Fault('export-too-long', 'This session is too long for a WAV file, which holds 4 GB.', {
      hint: 'Export it as MP3, or one side of it.',
    });
  }
  await file.write(encodeWavHeader({ sampleRate: PIPELINE_RATE, channels, dataBytes }));
  let written = 0;
  for (const block of soundBlocks(home, timeline)) {
    signal.throwIfAborted();
    written += block.user.length;
    await file.write(encodePcm(interleave(block, track)));
    progress(written / total);
  }
}
