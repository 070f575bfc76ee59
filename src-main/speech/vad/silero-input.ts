/** A live signal as Silero hears it: at 16 kHz, from -1 to 1. */
import { PIPELINE_RATE } from '../../audio/frame.ts';
import { createResampler } from '../../audio/resample.ts';
import { TwoThirds } from '../../audio/two-thirds.ts';
import { SILERO_RATE } from './silero.ts';

const FULL_SCALE = 32_768;

export interface SileroInput {
  /** @returns what can be said so far, in memory that the next call may write again */
  push(samples: Int16Array): Float32Array;
  /** @returns the rest. Nothing may be pushed after. */
  flush(): Float32Array;
}

/** @param sampleRate of what is pushed, in Hz */
export function openSileroInput(sampleRate: number): SileroInput {
  if (sampleRate === PIPELINE_RATE) return new TwoThirds();
  const resampler = createResampler(sampleRate, SILERO_RATE);
  return {
    push: (samples) => toFloat(resampler.push(samples)),
    flush: () => toFloat(resampler.flush()),
  };
}

function toFloat(samples: Int16Array): Float32Array {
  const values = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) values[i] = (samples[i] as number) / FULL_SCALE;
  return values;
}
