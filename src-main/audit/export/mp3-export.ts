/** A session's sound as one MP3 file of constant bit rate: tag, info frame, sound. */
import { createMp3Encoder } from 'wasm-media-encoders';
import { PIPELINE_RATE } from '../../audio/frame.ts';
import { channelCount, channelsOf } from './channels.ts';
import { encodeId3 } from './id3.ts';
import { DECODER_DELAY, ENCODER_DELAY, encodeInfoFrame } from './info-frame.ts';
import type { SoundJob } from './sound-job.ts';
import { BLOCK_SAMPLES, samplesOf, soundBlocks } from './timeline-sound.ts';

/** In kbit/s: transparent for speech at this rate. */
const BIT_RATES = { 1: 64, 2: 96 } as const;
/** Of MPEG-2, which 24 kHz is. */
const SAMPLES_PER_FRAME = 576;
const FRAME_HEADER_BYTES = 4;

/** Of LAME and of the decoders that undo it. */
const DELAY = ENCODER_DELAY + DECODER_DELAY;

export interface Mp3 {
  /** Of the whole file. */
  readonly bytes: number;
  /**
   * The file from its beginning to its end, made as it is read.
   * @throws Fault `export-sound-missing`; the signal's reason
   */
  pieces(): AsyncGenerator<Uint8Array, void>;
}

/**
 * Not every player heeds the info frame, and to those that don't the file lasts as long as its frames. So its end, which
 * is silence, is cut to the grid of frames: for them it is then too long by the delay at most, 46 ms.
 */
export function mp3Of(job: SoundJob): Mp3 {
  const channels = channelCount(job.track);
  const bitRate = BIT_RATES[channels];
  const frameBytes = ((SAMPLES_PER_FRAME / 8) * bitRate * 1000) / PIPELINE_RATE;
  const frames = Math.floor((samplesOf(job.timeline) + DELAY) / SAMPLES_PER_FRAME);
  const samples = frames * SAMPLES_PER_FRAME - DELAY;
  const tag = encodeId3(job.tags);

  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    yield tag;
    let left = frames * frameBytes;
    for await (const encoded of encode(job, samples, bitRate)) {
      if (left === frames * frameBytes) {
        const frameHeader = encoded.subarray(0, FRAME_HEADER_BYTES);
        yield encodeInfoFrame({
          frameHeader,
          frameBytes,
          frames,
          samplesPerFrame: SAMPLES_PER_FRAME,
          samples,
          bitRate,
        });
      }
      // LAME ends with one frame more, in which nothing is left to be heard.
      const wanted = encoded.subarray(0, left);
      left -= wanted.length;
      yield wanted;
    }
  }

  return { bytes: tag.length + (1 + frames) * frameBytes, pieces };
}

/**
 * LAME in this thread: in one of its own it would take 60 MB more and be little faster.
 * @param total samples of each channel that are encoded
 * @returns whole frames and parts of them; the first piece begins with a frame
 */
async function* encode({ home, timeline, track, progress, signal }: SoundJob, total: number, bitRate: 64 | 96) {
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: PIPELINE_RATE, channels: channelCount(track), bitrate: bitRate });
  // The same two for every block: new ones would lie in memory until somebody collects them.
  const units = [new Float32Array(BLOCK_SAMPLES), new Float32Array(BLOCK_SAMPLES)];
  let taken = 0;
  for (const block of soundBlocks(home, timeline)) {
    signal.throwIfAborted();
    const length = Math.min(block.user.length, total - taken);
    if (length <= 0) break;
    // What it returns lies in its own memory, and is written over by the next.
    const encoded = encoder
      .encode(
        channelsOf(block, track).map((channel, at) => toUnit(channel.subarray(0, length), units[at] as Float32Array)),
      )
      .slice();
    taken += length;
    if (encoded.length > 0) yield encoded;
    progress(taken / total);
  }
  yield encoder.finalize().slice();
}

/** @returns samples from -1 to 1, in `unit`, as far as they go */
function toUnit(samples: Int16Array, unit: Float32Array): Float32Array {
  for (let index = 0; index < samples.length; index++) unit[index] = (samples[index] as number) / 32_768;
  return unit.subarray(0, samples.length);
}
