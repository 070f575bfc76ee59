/**
 * Tuning: the best setting for labelled recordings, and an honest estimate of how good it is on others. Whatever is
 * chosen for a fold is chosen without its recordings and scored on them; the shipped presets are candidates too, and
 * are scored on the same recordings.
 */

import { COST_WEIGHTS, type CostWeights } from '../../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../../src-preload/vad-preset.ts';
import type { Scorable } from '../metrics/score.ts';
import { type Scores, scoresOf } from '../metrics/scores.ts';
import { TALLY_SIZE } from '../metrics/tally.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { type Candidate, Evaluator } from './evaluator.ts';
import { type Goal, objectiveFor } from './objective.ts';
import { type ParetoPoint, paretoFront } from './pareto.ts';
import { seededRandom, shuffle } from './random.ts';
import { type SearchMethod, startSearch } from './search.ts';
import { SEARCH_SPACE, type SearchSpace } from './space.ts';

/** So many folds, or so large a share of the recordings kept aside. */
export type Holdout = { readonly folds: number } | { readonly share: number };

export interface TuneOptions {
  readonly goal: Goal;
  readonly holdout: Holdout;
  readonly seed: number;
  readonly method?: SearchMethod;
  readonly evaluations?: number;
  readonly space?: SearchSpace;
  readonly weights?: CostWeights;
  onProgress?(evaluated: number): void;
}

export interface Rival {
  readonly id: string;
  readonly parameters: VadParameters;
}

/** A setting, or a way to choose one, on the held-out recordings. */
export interface HeldOut {
  readonly value: number;
  /** 95 %; null for a single recording. */
  readonly interval: readonly [number, number] | null;
  readonly scores: Scores;
}

export interface Tuning {
  /** The setting to trust, by all recordings. */
  readonly parameters: VadParameters;
  /** Its value on them: it was chosen by it, so it flatters. */
  readonly train: { readonly value: number; readonly scores: Scores };
  /** How settings chosen in this way do on recordings they were not chosen by; null when none could be held out. */
  readonly heldOut: HeldOut | null;
  /** For each fold, what was chosen and how it did on the others' and on its own recordings. */
  readonly folds: readonly {
    readonly parameters: VadParameters;
    readonly trainValue: number;
    readonly testValue: number;
    readonly testPaths: readonly string[];
  }[];
  /** The rivals on the same held-out recordings (on all, when none were held out), best first. */
  readonly rivals: readonly (Rival & HeldOut)[];
  /** Held-out value minus the best rival's; null when none were held out. */
  readonly gain: { readonly value: number; readonly interval: readonly [number, number] | null } | null;
  readonly pareto: readonly ParetoPoint[];
  readonly evaluations: number;
}

const EVALUATIONS = 4_000;

/** @param recordings at least one */
export function tune(recordings: readonly Scorable[], rivals: readonly Rival[], options: TuneOptions): Tuning {
  const { goal, seed, weights = COST_WEIGHTS } = options;
  const objective = objectiveFor(goal, weights);
  const { groups, testGroups } = divide(recordings.length, options.holdout, seed);
  const evaluator = new Evaluator(recordings, groups);
  const rivalCandidates = rivals.map(({ parameters }) => evaluator.evaluate(parameters));
  const search = startSearch(rivalCandidates, {
    evaluator,
    objective,
    seed,
    space: options.space ?? SEARCH_SPACE,
    method: options.method ?? 'exhaustive',
    evaluations: options.evaluations ?? EVALUATIONS,
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  });
  const everything = () => true;
  const winner = search.choose(everything);
  const winnerSums = evaluator.sum(winner, everything);

  const chosenFor = new Map<number, Candidate>(
    testGroups.map((test) => [test, search.choose((group) => group !== test)] as const),
  );
  const folds = [...chosenFor].map(([test, chosen]) => ({
    parameters: chosen.parameters,
    trainValue: objective(evaluator.sum(chosen, (group) => group !== test)),
    testValue: objective(evaluator.sum(chosen, (group) => group === test)),
    testPaths: recordings.flatMap(({ path }, i) => (groups[i] === test ? [path] : [])),
  }));

  const tested = testGroups.length > 0 ? testGroups : [...new Set(groups)];
  const inGroup = (test: number) => (group: number) => group === test;
  const tallies = (settingFor: (test: number) => VadParameters) =>
    tested.flatMap((test) => evaluator.each(settingFor(test), inGroup(test)));
  const judge = (own: readonly Float64Array[]): HeldOut => {
    const sums = added(own);
    const interval = bootstrapInterval(
      own.map((tally) => [tally]),
      ([sum]) => objective(sum as Float64Array),
      seed,
    );
    return { value: objective(sums), interval, scores: scoresOf(sums, 0, weights) };
  };
  const ranked = rivals
    .map((rival) => {
      const own = tallies(() => rival.parameters);
      return { own, judged: { ...rival, ...judge(own) } };
    })
    .sort((a, b) => b.judged.value - a.judged.value);

  let heldOut: HeldOut | null = null;
  let gain: Tuning['gain'] = null;
  if (testGroups.length > 0) {
    const own = tallies((test) => (chosenFor.get(test) as Candidate).parameters);
    heldOut = judge(own);
    const [best] = ranked;
    if (best) {
      const pairs = own.map((tally, i) => [tally, best.own[i] as Float64Array]);
      const difference = ([ours, theirs]: readonly Float64Array[]) =>
        objective(ours as Float64Array) - objective(theirs as Float64Array);
      gain = { value: heldOut.value - best.judged.value, interval: bootstrapInterval(pairs, difference, seed) };
    }
  }
  return {
    parameters: winner.parameters,
    train: { value: objective(winnerSums), scores: scoresOf(winnerSums, 0, weights) },
    heldOut,
    folds,
    rivals: ranked.map(({ judged }) => judged),
    gain,
    pareto: paretoFront(evaluator, search.candidates),
    evaluations: evaluator.evaluations,
  };
}

/** Recordings are shuffled and dealt out; with fewer than two nothing can be held out. */
function divide(count: number, holdout: Holdout, seed: number): { groups: number[]; testGroups: number[] } {
  const groups = new Array<number>(count).fill(0);
  if (count < 2) return { groups, testGroups: [] };
  const order = shuffle([...groups.keys()], seededRandom(seed));
  if ('share' in holdout) {
    const held = Math.min(count - 1, Math.max(1, Math.round(count * holdout.share)));
    for (const index of order.slice(0, held)) groups[index] = 1;
    return { groups, testGroups: [1] };
  }
  const folds = Math.min(count, holdout.folds);
  for (const [place, index] of order.entries()) groups[index] = place % folds;
  return { groups, testGroups: [...Array(folds).keys()] };
}

function added(tallies: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(TALLY_SIZE);
  for (const tally of tallies)
    for (let i = 0; i < TALLY_SIZE; i++) sums[i] = (sums[i] as number) + (tally[i] as number);
  return sums;
}
