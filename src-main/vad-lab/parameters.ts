/** The parameters of Silero's segmentation as others have them, and in samples. */
import type { VadParameters } from '../../src-preload/vad-preset.ts';
import type { SegmentRules } from '../speech/vad/segment-finder.ts';

export type { VadParameters };

/** Silero's defaults. */
export const SILERO_PARAMETERS: VadParameters = {
  threshold: 0.5,
  negativeThreshold: null,
  minSpeechMs: 250,
  minSilenceMs: 100,
  padBeforeMs: 30,
  padAfterMs: 30,
  maxSpeechMs: null,
  minSilenceAtMaxMs: 98,
  cutAtLongestSilence: true,
  smoothing: 0,
};

export function negativeThresholdOf({ threshold, negativeThreshold }: VadParameters): number {
  return negativeThreshold ?? Math.max(threshold - 0.15, 0.01);
}

/** The same in samples. @param sampleRate 8,000 or 16,000: a window is 32 ms */
export function rulesFor(parameters: VadParameters, sampleRate: number): SegmentRules {
  const samples = (ms: number) => (sampleRate * ms) / 1000;
  return {
    windowSamples: windowSamplesAt(sampleRate),
    threshold: parameters.threshold,
    negativeThreshold: negativeThresholdOf(parameters),
    minSpeechSamples: samples(parameters.minSpeechMs),
    minSilenceSamples: samples(parameters.minSilenceMs),
    padBeforeSamples: samples(parameters.padBeforeMs),
    padAfterSamples: samples(parameters.padAfterMs),
    maxSpeechSamples: samples(parameters.maxSpeechMs ?? Number.POSITIVE_INFINITY),
    minSilenceAtMaxSamples: samples(parameters.minSilenceAtMaxMs),
    cutAtLongestSilence: parameters.cutAtLongestSilence,
    smoothing: parameters.smoothing,
  };
}

export function windowSamplesAt(sampleRate: number): number {
  return (sampleRate * 32) / 1000;
}
