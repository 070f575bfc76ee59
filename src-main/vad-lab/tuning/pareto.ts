/** The settings of which none is better in both: fewer misses, or an earlier end. */

import type { VadParameters } from '../../../src-preload/vad-preset.ts';
import { scoresOf } from '../metrics/scores.ts';
import type { Candidate, Evaluator } from './evaluator.ts';

export interface ParetoPoint {
  /** Share of speech frames missed. */
  readonly missRate: number;
  readonly endDelayMs: number;
  readonly falseAlarmRate: number;
  readonly parameters: VadParameters;
}

/** Settings that call more of the silence speech are left out: those that detect everything miss nothing. */
const MAX_FALSE_ALARM_RATE = 0.5;

/** @returns by rising delay and falling misses */
export function paretoFront(evaluator: Evaluator, candidates: readonly Candidate[]): ParetoPoint[] {
  const points = candidates.flatMap((candidate): ParetoPoint[] => {
    const { missRate, meanEndDelayMs, falseAlarmRate } = scoresOf(evaluator.sum(candidate, () => true));
    if (meanEndDelayMs === null || falseAlarmRate > MAX_FALSE_ALARM_RATE) return [];
    return [{ missRate, endDelayMs: meanEndDelayMs, falseAlarmRate, parameters: candidate.parameters }];
  });
  points.sort((a, b) => a.endDelayMs - b.endDelayMs || a.missRate - b.missRate);
  let fewest = Number.POSITIVE_INFINITY;
  return points.filter(({ missRate }) => {
    const better = missRate < fewest;
    if (better) fewest = missRate;
    return better;
  });
}
