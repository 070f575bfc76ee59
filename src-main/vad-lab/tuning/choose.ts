/**
 * Which of many settings to trust. The one with the highest value owes part of it to chance, the more so the fewer the
 * recordings; a setting in the middle of the good ones holds better on others. Nothing is given away for that where the
 * best is clearly so: only settings within its standard error are considered.
 * Idea: the one-standard-error rule of Breiman et al., "Classification and Regression Trees", 1984.
 */
import { bootstrapInterval } from './bootstrap.ts';
import type { Candidate, Evaluator } from './evaluator.ts';
import type { Objective } from './objective.ts';
import { coordinates } from './space.ts';

/** Of all candidates, so many are good at most. */
const GOOD_SHARE = 0.01;
/** A 95 % interval is so many standard errors wide. */
const INTERVAL_ERRORS = 2 * 1.96;

/** @param chosen the groups to look at; nothing else is */
export function chooseSetting(
  evaluator: Evaluator,
  candidates: readonly Candidate[],
  objective: Objective,
  chosen: (group: number) => boolean,
  seed: number,
): Candidate {
  const ranked = candidates
    .map((candidate) => ({ candidate, value: objective(evaluator.sum(candidate, chosen)) }))
    .sort((a, b) => b.value - a.value);
  const [best] = ranked;
  if (!best) throw new Error('There are no settings to choose from');
  const tallies = evaluator.each(best.candidate.parameters, chosen).map((tally) => [tally]);
  const interval = bootstrapInterval(tallies, ([sums]) => objective(sums as Float64Array), seed);
  const error = interval ? (interval[1] - interval[0]) / INTERVAL_ERRORS : 0;
  const good = ranked
    .slice(0, Math.max(1, Math.round(ranked.length * GOOD_SHARE)))
    .filter(({ value }) => value >= best.value - error);
  return mostCentral(good.map(({ candidate }) => candidate));
}

/** The first of those closest to the mean of all. */
function mostCentral(candidates: readonly Candidate[]): Candidate {
  const points = candidates.map(({ parameters }) => coordinates(parameters));
  const centre = (points[0] as number[]).map(
    (_, axis) => points.reduce((sum, p) => sum + (p[axis] as number), 0) / points.length,
  );
  const distances = points.map((p) => p.reduce((sum, at, axis) => sum + (at - (centre[axis] as number)) ** 2, 0));
  return candidates[distances.indexOf(Math.min(...distances))] as Candidate;
}
