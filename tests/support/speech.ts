/** Speech for tests, made on this machine by Flite, as a microphone would bring it: 24 kHz mono. */
import { concatSamples, msToSamples, PIPELINE_RATE } from '../../src-main/audio/frame.ts';
import { createResampler } from '../../src-main/audio/resample.ts';
import { speakWithFlite } from '../../src-main/providers/practice/flite.ts';

export async function speech(text: string): Promise<Int16Array> {
  const { samples, sampleRate } = await speakWithFlite(text);
  const resampler = createResampler(sampleRate, PIPELINE_RATE);
  return concatSamples([resampler.push(samples), resampler.flush()]);
}

/** Not digital silence: a room has a floor of noise. */
export function quiet(ms: number): Int16Array {
  return Int16Array.from({ length: msToSamples(ms, PIPELINE_RATE) }, (_, index) => ((index * 7919) % 13) - 6);
}
