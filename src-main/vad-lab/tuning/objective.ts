/** What tuning is after: a number made of a tally, the higher the better. */
import { COST_WEIGHTS, type CostWeights } from '../../../src-preload/vad-parameters.ts';
import { type Scores, scoresOf } from '../metrics/scores.ts';

/** @param at where the tally begins in `sums` */
export type Objective = (sums: Float64Array, at?: number) => number;

export const OBJECTIVES = ['f1', 'cost', 'no-clip', 'fast-end'] as const;
export type ObjectiveName = (typeof OBJECTIVES)[number];

export const TARGETS = ['segments-per-minute', 'speech-share'] as const;
export type TargetName = (typeof TARGETS)[number];

/** What is wanted, in a form that can be handed to a thread. */
export type Goal =
  | { readonly mix: Partial<Record<ObjectiveName, number>> }
  | { readonly target: TargetName; readonly wanted: number };

/** As the command line takes it: `f1`, `f1=1,fast-end=0.5`, `speech-share=0.4`. */
export function nameOfGoal(goal: Goal): string {
  if ('target' in goal) return `${goal.target}=${goal.wanted}`;
  const parts = Object.entries(goal.mix);
  return parts.length === 1 ? String(parts[0]?.[0]) : parts.map(([name, weight]) => `${name}=${weight}`).join(',');
}

/** @returns null for a goal that no cost is part of */
export function costOf(goal: Goal, weights: CostWeights = COST_WEIGHTS): CostWeights | null {
  return 'mix' in goal && goal.mix.cost ? weights : null;
}

export function objectiveFor(goal: Goal, weights: CostWeights = COST_WEIGHTS): Objective {
  return 'mix' in goal ? weightedObjective(goal.mix, weights) : targetObjective(goal.target, goal.wanted);
}

/** What a share of frames lost weighs against a second of delay. */
const MISS_PER_SECOND = 2;
/** Keeps "never clip" from keeping everything. */
const FALSE_ALARM_PER_CLIP = 0.2;

/** Each at most about 1. */
const SCORES: Record<ObjectiveName, (scores: Scores) => number> = {
  f1: ({ f1 }) => f1,
  cost: ({ detectionCost }) => 1 - detectionCost,
  'no-clip': ({ clippedOnsetRate, falseAlarmRate }) => 1 - clippedOnsetRate - FALSE_ALARM_PER_CLIP * falseAlarmRate,
  'fast-end': ({ meanEndDelayMs, missRate, cutOffRate }) =>
    1 - (meanEndDelayMs ?? 0) / 1000 - MISS_PER_SECOND * missRate - cutOffRate,
};

/** @param mix the weight of each objective; they need not add up to 1 */
function weightedObjective(mix: Partial<Record<ObjectiveName, number>>, weights: CostWeights): Objective {
  const parts = OBJECTIVES.flatMap((name) => (mix[name] ? [{ score: SCORES[name], weight: mix[name] }] : []));
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return (sums, at = 0) => {
    const scores = scoresOf(sums, at, weights);
    return parts.reduce((sum, { score, weight }) => sum + weight * score(scores), 0) / total;
  };
}

/** How close recordings without labels come to what is wanted of them: 0 when exactly, below it by the log of the ratio. */
function targetObjective(target: TargetName, wanted: number): Objective {
  return (sums, at = 0) => {
    const { segmentsPerMinute, speechShare } = scoresOf(sums, at);
    const actual = target === 'speech-share' ? speechShare : segmentsPerMinute;
    return -Math.abs(Math.log(Math.max(actual, 1e-6) / wanted));
  };
}
