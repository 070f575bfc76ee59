/**
 * Reads an audio file as the pipeline wants its sound: mono at 24 kHz, in frames of 20 ms, as it goes, so that hours
 * need no more memory than seconds. Channels are mixed by their mean, which can't clip.
 */
import { Fault } from '../fault.ts';
import type { Pcm } from './codecs.ts';
import { type AudioFrame, PIPELINE_RATE } from './frame.ts';
import { createResampler, type Resampler } from './resample.ts';
import { openSoundFile } from './sound-file.ts';

const FRAME_SAMPLES = PIPELINE_RATE / 50;
const CONVERT_HINT = 'Convert it to a WAV file at 24 kHz, and give that';
/** Beyond what any recorder makes; a header that says otherwise is wrong. In Hz. */
const RATES = { lowest: 1_000, highest: 768_000 };

/**
 * @param path WAV, MP3, FLAC or OGG (Vorbis, Opus), of any rate and any number of channels
 * @returns frames of 480 samples, the last one shorter; at least one
 * @throws Fault `audio-missing`, `audio-unreadable`, `audio-empty`, `audio-unknown`, `audio-unsupported`,
 *   `audio-truncated`, `audio-damaged`; the last two possibly after some frames
 */
export async function* decodeAudioFile(path: string): AsyncGenerator<AudioFrame, void> {
  const file = await openSoundFile(path);
  try {
    const frames = new FrameCutter();
    let input: { readonly sampleRate: number; readonly resampler: Resampler } | null = null;
    for await (const pcm of file.sound) {
      if (!pcm.channelData[0]?.length) continue;
      if (input && input.sampleRate !== pcm.sampleRate) {
        throw new Fault('audio-damaged', `${path} changes its sample rate in the middle`, { hint: CONVERT_HINT });
      }
      input ??= { sampleRate: pcm.sampleRate, resampler: resamplerFor(path, pcm.sampleRate) };
      yield* frames.push(input.resampler.push(mixDown(pcm)));
    }
    if (!input) {
      throw new Fault('audio-empty', `${path} has no sound in it`, { hint: 'Record it again, or give another file' });
    }
    yield* frames.push(input.resampler.flush());
    yield* frames.flush();
  } finally {
    await file.close();
  }
}

function resamplerFor(path: string, sampleRate: number): Resampler {
  if (sampleRate < RATES.lowest || sampleRate > RATES.highest) {
    throw new Fault('audio-unsupported', `${path} has a sample rate of ${sampleRate} Hz`, { hint: CONVERT_HINT });
  }
  return createResampler(sampleRate, PIPELINE_RATE);
}

function mixDown({ channelData }: Pcm): Int16Array {
  const mono = new Int16Array(channelData[0]?.length ?? 0);
  const scale = 32_768 / channelData.length;
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (const channel of channelData) sum += channel[i] as number;
    mono[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum * scale)));
  }
  return mono;
}

class FrameCutter {
  private frame = new Int16Array(FRAME_SAMPLES);
  private filled = 0;

  *push(samples: Int16Array): Generator<AudioFrame, void> {
    for (let offset = 0; offset < samples.length; ) {
      const piece = samples.subarray(offset, offset + FRAME_SAMPLES - this.filled);
      this.frame.set(piece, this.filled);
      this.filled += piece.length;
      offset += piece.length;
      if (this.filled === FRAME_SAMPLES) yield this.take();
    }
  }

  *flush(): Generator<AudioFrame, void> {
    if (this.filled > 0) yield this.take();
  }

  private take(): AudioFrame {
    const samples = this.frame.subarray(0, this.filled);
    this.frame = new Int16Array(FRAME_SAMPLES);
    this.filled = 0;
    return { samples, sampleRate: PIPELINE_RATE };
  }
}
