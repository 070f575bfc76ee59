/** Sound as one WAV file, with the log's anchor as a comment after it. */
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
export async function writeWav(
  file: FileHandle,
  { home, timeline, track, tags, progress, signal }: SoundJob,
): Promise<void> {
  const channels = channelCount(track);
  const total = samplesOf(timeline);
  const dataBytes = total * channels * 2;
  if (dataBytes > MAX_DATA_BYTES) {
    throw new Fault('export-too-long', 'This conversation is too long for a WAV file, which holds 4 GB.', {
      hint: 'Export it as MP3, or one side of it.',
    });
  }
  const comment = tags.anchor ? infoChunk('ICMT', JSON.stringify(tags.anchor)) : new Uint8Array();
  await file.appendFile(
    encodeWavHeader({ sampleRate: PIPELINE_RATE, channels, dataBytes, bytesAfter: comment.length }),
  );
  let written = 0;
  for (const block of soundBlocks(home, timeline)) {
    signal.throwIfAborted();
    written += block.user.length;
    await file.appendFile(encodePcm(interleave(block, track)));
    progress(written / total);
  }
  await file.appendFile(comment);
}

/** One text of a `LIST INFO` chunk, which players that don't know it skip. Source: as for audio/wav.ts, chapter 2. */
function infoChunk(id: string, text: string): Uint8Array {
  const value = Buffer.from(`${text}\0`, 'utf8');
  const padding = Buffer.alloc(value.length % 2);
  const lengths = [4 + 8 + value.length + padding.length, value.length].map((length) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(length);
    return bytes;
  });
  const [listLength = padding, textLength = padding] = lengths;
  return Buffer.concat([
    Buffer.from('LIST'),
    listLength,
    Buffer.from('INFO'),
    Buffer.from(id),
    textLength,
    value,
    padding,
  ]);
}
