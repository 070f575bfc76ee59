/** A session's sound as one MP3 file of constant bit rate: tag, info frame, sound. LAME runs in a thread of its own. */
import type { FileHandle } from 'node:fs/promises';
import { registerMp3Encoder } from '@mediabunny/mp3-encoder';
import { AudioSample, AudioSampleSource, Mp3OutputFormat, Output, StreamTarget } from 'mediabunny';
import type { ExportTrack } from '../../../src-preload/export-formats.ts';
import { PIPELINE_RATE } from '../../audio/frame.ts';
import { channelCount, interleave } from './channels.ts';
import { encodeId3 } from './id3.ts';
import { DECODER_DELAY, ENCODER_DELAY, encodeInfoFrame } from './info-frame.ts';
import type { SoundJob } from './sound-job.ts';
import { samplesOf, soundBlocks } from './timeline-sound.ts';

/** In kbit/s: transparent for speech at this rate. */
const BIT_RATES: Readonly<Record<1 | 2, number>> = { 1: 64, 2: 96 };
/** Of MPEG-2, which 24 kHz is. */
const SAMPLES_PER_FRAME = 576;

/** Of LAME and of the decoders that undo it. */
const DELAY = ENCODER_DELAY + DECODER_DELAY;

/**
 * Not every player heeds the info frame, and to those that don't the file lasts as long as its frames. So its end, which
 * is silence, is cut to the grid of frames: for them it is then too long by the delay at most, 46 ms.
 * @throws Fault `export-sound-missing`; the signal's reason
 */
export async function writeMp3(file: FileHandle, job: SoundJob): Promise<void> {
  const { home, timeline, track, tags, progress, signal } = job;
  const channels = channelCount(track);
  const bitRate = BIT_RATES[channels];
  const frameBytes = ((SAMPLES_PER_FRAME / 8) * bitRate * 1000) / PIPELINE_RATE;
  const frames = Math.floor((samplesOf(timeline) + DELAY) / SAMPLES_PER_FRAME);
  const total = frames * SAMPLES_PER_FRAME - DELAY;
  const tag = encodeId3(tags);
  const soundOffset = tag.length + frameBytes;
  await file.write(tag, 0, tag.length, 0);

  let frameHeader: Uint8Array | null = null;
  const target = new WritableStream<{ data: Uint8Array; position: number }>({
    async write({ data, position }) {
      frameHeader ??= data.slice(0, 4);
      await file.write(data, 0, data.length, soundOffset + position);
    },
  });
  registerMp3Encoder();
  const output = new Output({ format: new Mp3OutputFormat({ xingHeader: false }), target: new StreamTarget(target) });
  const source = new AudioSampleSource({ codec: 'mp3', bitrate: bitRate * 1000 });
  output.addAudioTrack(source);
  await output.start();
  try {
    let written = 0;
    for (const block of soundBlocks(home, timeline)) {
      signal.throwIfAborted();
      const length = Math.min(block.user.length, total - written);
      if (length === 0) break;
      const samples = interleave(block, track).subarray(0, length * channels);
      const sample = audioSample(samples, track, written);
      await source.add(sample).finally(() => sample.close());
      written += length;
      progress(written / total);
    }
    await output.finalize();
  } catch (thrown) {
    await output.cancel();
    throw thrown;
  }
  if (!frameHeader) throw new Error('the encoder made no frame');
  // LAME ends with one more, in which nothing is left to be heard.
  await file.truncate(soundOffset + frames * frameBytes);
  const content = { frameHeader, frameBytes, frames, samplesPerFrame: SAMPLES_PER_FRAME, samples: total, bitRate };
  await file.write(encodeInfoFrame(content), 0, frameBytes, tag.length);
}

function audioSample(data: Int16Array, track: ExportTrack, firstSample: number): AudioSample {
  return new AudioSample({
    data,
    format: 's16',
    numberOfChannels: channelCount(track),
    sampleRate: PIPELINE_RATE,
    timestamp: firstSample / PIPELINE_RATE,
  });
}
