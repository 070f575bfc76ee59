/** Two ways to look for the best setting: all of a grid, or random points and then steps around the best of them. */
import type { Candidate, Evaluator } from './evaluator.ts';
import type { Objective } from './objective.ts';
import { seededRandom } from './random.ts';
import { grid, neighbour, randomSetting, type SearchSpace } from './space.ts';

export type SearchMethod = 'exhaustive' | 'random';

export interface Search {
  /** Settings that were not chosen by anybody's score. */
  readonly candidates: readonly Candidate[];
  /** The best on the chosen groups; nothing else is looked at. */
  best(chosen: (group: number) => boolean): Candidate;
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
    best(chosen) {
      const start = evaluator.best(candidates, objective, chosen);
      return method === 'exhaustive' ? start : climb(start, chosen, options);
    },
  };
}

function climb(start: Candidate, chosen: (group: number) => boolean, options: SearchOptions): Candidate {
  const { evaluator, objective, space, evaluations, seed } = options;
  const random = seededRandom(seed + 1);
  const steps = Math.floor(evaluations / 2);
  let best = start;
  let highest = objective(evaluator.sum(best, chosen));
  for (let step = 0; step < steps; step++) {
    const reach = Math.max(SMALLEST_REACH, 0.5 * (1 - step / steps));
    const candidate = evaluator.evaluate(neighbour(best.parameters, space, reach, random));
    const value = objective(evaluator.sum(candidate, chosen));
    if (value > highest) {
      highest = value;
      best = candidate;
    }
  }
  return best;
}
