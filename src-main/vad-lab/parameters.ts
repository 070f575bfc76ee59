/** The parameters of Silero's segmentation in samples. */
import { negativeThresholdOf } from '../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../src-preload/vad-preset.ts';
import type { SegmentRules } from '../speech/vad/segment-finder.ts';

/** @param sampleRate 8,000 or 16,000: a window is 32 ms */
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
