/**
 * Reads an audio file as the pipeline wants its sound: mono at 24 kHz, in frames of 20 ms, as it goes, so that hours
 * need no more memory than seconds. Channels are mixed by their mean, which can't clip.
 */
import { Fault } from '../fault.ts';
import type { Pcm } from './codecs.ts';
import { type AudioFrame, isRate, PIPELINE_RATE } from './frame.ts';
import { createResampler, type Resampler } from './resample.ts';

const FRAME_SAMPLES = PIPELINE_RATE / 50;
const CONVERT_HINT = 'Convert it to a WAV file at 24 kHz, and give that';

/** A piece of a file's sound, mono. */
export interface SoundPiece {
  readonly samples: Int16Array;
  /** In Hz. */
  readonly sampleRate: number;
  /** Samples of the file that are not numbers; silence stands in their place. */
  readonly invalidSamples: number;
  /** Loudest sample of any channel before they were mixed, 0..1. */
  readonly channelPeak: number;
}

/**
 * @param path WAV, MP3, FLAC or OGG (Vorbis, Opus), of any rate and any number of channels
 * @returns frames of 480 samples, the last one shorter; at least one
 * @throws Fault `audio-missing`, `audio-unreadable`, `audio-empty`, `audio-unknown`, `audio-unsupported`,
 *   `audio-truncated`, `audio-damaged`; the last two possibly after some frames
 */
export async function* decodeAudioFile(path: string): AsyncGenerator<AudioFrame, void> {
  const frames = new FrameCutter();
  for await (const { samples } of decodeSound(path, () => PIPELINE_RATE)) yield* frames.push(samples);
  yield* frames.flush();
}

/**
 * The same at another rate, in pieces of any length.
 * @param rateFor chooses the rate by the file's own, both in Hz
 * @throws Fault as `decodeAudioFile`
 */
export async function* decodeSound(
  path: string,
  rateFor: (fileRate: number) => number,
): AsyncGenerator<SoundPiece, void> {
  // Loaded with the first file: the decoders are a third of all code, and a start needs none of them.
  const { openSoundFile } = await import('./sound-file.ts');
  const file = await openSoundFile(path);
  try {
    let input: { readonly fileRate: number; readonly sampleRate: number; readonly resampler: Resampler } | null = null;
    for await (const pcm of file.sound) {
      if (!pcm.channelData[0]?.length) continue;
      if (input && input.fileRate !== pcm.sampleRate) {
        throw new Fault('audio-damaged', `${path} changes its sample rate in the middle`, { hint: CONVERT_HINT });
      }
      input ??= openInput(path, pcm.sampleRate, rateFor(pcm.sampleRate));
      const { samples, ...about } = mixDown(pcm);
      yield { samples: input.resampler.push(samples), sampleRate: input.sampleRate, ...about };
    }
    if (!input) {
      throw new Fault('audio-empty', `${path} has no sound in it`, { hint: 'Record it again, or give another file' });
    }
    yield { samples: input.resampler.flush(), sampleRate: input.sampleRate, invalidSamples: 0, channelPeak: 0 };
  } finally {
    await file.close();
  }
}

function openInput(path: string, fileRate: number, sampleRate: number) {
  if (!isRate(fileRate)) {
    throw new Fault('audio-unsupported', `${path} has a sample rate of ${fileRate} Hz`, { hint: CONVERT_HINT });
  }
  return { fileRate, sampleRate, resampler: createResampler(fileRate, sampleRate) };
}

/** Channels mixed by their mean, and what is worth knowing of them. */
export function mixDown({ channelData }: Pcm): Pick<SoundPiece, 'samples' | 'invalidSamples' | 'channelPeak'> {
  const [first, ...others] = channelData;
  const samples = new Int16Array(first?.length ?? 0);
  if (!first) return { samples, invalidSamples: 0, channelPeak: 0 };
  const scale = 32_768 / channelData.length;
  let invalidSamples = 0;
  let channelPeak = 0;
  for (let i = 0; i < samples.length; i++) {
    let sum = first[i] as number;
    if (sum > channelPeak) channelPeak = sum;
    for (let k = 0; k < others.length; k++) sum += others[k]?.[i] as number;
    if (Number.isNaN(sum)) invalidSamples++;
    samples[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum * scale)));
  }
  return { samples, invalidSamples, channelPeak };
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
