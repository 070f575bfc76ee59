/** What is known of the parameters of voice detection on both sides; without their schemas, which the window must not load. */
import type { VadParameters } from './vad-preset.ts';

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

/** Silero's own, where none is set. */
export function negativeThresholdOf({
  threshold,
  negativeThreshold,
}: Pick<VadParameters, 'threshold' | 'negativeThreshold'>): number {
  return negativeThreshold ?? Math.max(threshold - 0.15, 0.01);
}

/** What a second of missed and of false speech cost, relative to each other. */
export interface CostWeights {
  readonly miss: number;
  readonly falseAlarm: number;
}

/** Of NIST's OpenSAT evaluations. */
export const COST_WEIGHTS: CostWeights = { miss: 0.75, falseAlarm: 0.25 };
