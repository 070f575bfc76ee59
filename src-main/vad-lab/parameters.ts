/** What can be tuned: the parameters of Silero's segmentation, with padding before and after told apart. */
import { z } from 'zod';
import type { SegmentRules } from '../speech/vad/segment-finder.ts';

const probability = z.number().min(0).max(1);
const milliseconds = z.number().min(0).max(3_600_000);

export const parametersSchema = z.strictObject({
  /** Speech starts at this probability. */
  threshold: probability,
  /** Speech may end below this one; null is Silero's own: `threshold - 0.15`, at least 0.01. */
  negativeThreshold: probability.nullable(),
  /** Speech that is not longer than this is dropped. */
  minSpeechMs: milliseconds,
  /** Silence that ends a segment. */
  minSilenceMs: milliseconds,
  padBeforeMs: milliseconds,
  padAfterMs: milliseconds,
  /** Longest segment, padding included; null for no limit. */
  maxSpeechMs: milliseconds.nullable(),
  /** Silence longer than this is a good place to cut a segment that became too long. */
  minSilenceAtMaxMs: milliseconds,
  /** Cut such a segment at its longest silence; else at its last one. */
  cutAtLongestSilence: z.boolean(),
});

export type VadParameters = z.infer<typeof parametersSchema>;

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
  };
}

export function windowSamplesAt(sampleRate: number): number {
  return (sampleRate * 32) / 1000;
}
