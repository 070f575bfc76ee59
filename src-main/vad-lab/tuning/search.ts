/** Two ways to look for the best setting: all of a grid, or random points and then steps around the best of them. */
import { chooseSetting } from './choose.ts';
import type { Candidate, Evaluator } from './evaluator.ts';
import type { Objective } from './objective.ts';
import { seededRandom } from './random.ts';
import { grid, neighbour, randomSetting, type SearchSpace } from './space.ts';

export type SearchMethod = 'exhaustive' | 'random';

export interface Search {
  /** Settings that were not chosen by anybody's score. */
  readonly candidates: readonly Candidate[];
  /** The setting to trust, by the chosen groups; nothing else is looked at. */
  choose(chosen: (group: number) => boolean): Candidate;
}

export interface SearchOptions {
  readonly evaluator: Evaluator;
  readonly objective: Objective;
  readonly space: SearchSpace;
  readonly method: SearchMethod;
  /** Settings that the random search may try for each choice; half of them by chance. */
  readonly evaluations: number;
  readonly seed: number;
  /** Called as candidates are evaluated. */
  onProgress?(evaluated: number): void;
}

/** Steps shrink to this share of a parameter's span. */
const SMALLEST_REACH = 0.02;

/** @param known settings that are candidates too, and come first among equals */
export function startSearch(known: readonly Candidate[], options: SearchOptions): Search {
  const { evaluator, objective, space, method, evaluations, seed, onProgress } = options;
  const random = seededRandom(seed);
  const settings =
    method === 'exhaustive'
      ? grid(space)
      : Array.from({ length: Math.ceil(evaluations / 2) }, () => randomSetting(space, random));
  const candidates = [...known];
  for (const parameters of settings) {
    candidates.push(evaluator.evaluate(parameters));
    if (candidates.length % 500 === 0) onProgress?.(candidates.length);
  }
  return {
    candidates,
    choose(chosen) {
      const tried = method === 'exhaustive' ? candidates : [...candidates, ...climb(candidates, chosen, options)];
      return chooseSetting(evaluator, tried, objective, chosen, seed);
    },
  };
}

/** @returns every setting that was tried on the way */
function climb(
  candidates: readonly Candidate[],
  chosen: (group: number) => boolean,
  options: SearchOptions,
): Candidate[] {
  const { evaluator, objective, space, evaluations, seed } = options;
  const random = seededRandom(seed + 1);
  const worth = (candidate: Candidate) => objective(evaluator.sum(candidate, chosen));
  let best = candidates[0] as Candidate;
  let highest = Number.NEGATIVE_INFINITY;
  const consider = (candidate: Candidate) => {
    const value = worth(candidate);
    if (value > highest) {
      highest = value;
      best = candidate;
    }
  };
  candidates.forEach(consider);
  const steps = Math.floor(evaluations / 2);
  return Array.from({ length: steps }, (_, step) => {
    const reach = Math.max(SMALLEST_REACH, 0.5 * (1 - step / steps));
    const candidate = evaluator.evaluate(neighbour(best.parameters, space, reach, random));
    consider(candidate);
    return candidate;
  });
}
