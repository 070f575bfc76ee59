/** The whole score of a setting on labelled recordings: pooled over all, and file by file with the worst first. */

import { COST_WEIGHTS, type CostWeights } from '../../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../../src-preload/vad-preset.ts';
import type { Label } from '../labels/label.ts';
import { OfflineSegmenter, segmentTrack, type Track } from '../segmentation.ts';
import { type BoundaryErrors, boundaryErrors, type Spread, spreadOf } from './boundaries.ts';
import { makeReference, type Reference } from './reference.ts';
import { type Scores, scoresOf } from './scores.ts';
import { addTally, TALLY_SIZE } from './tally.ts';

export interface Scorable {
  readonly path: string;
  readonly track: Track;
  readonly reference: Reference;
}

export interface BoundaryScores {
  readonly onsetError: Spread;
  readonly offsetError: Spread;
  readonly clippedOnset: Spread;
}

export interface FileScore {
  readonly path: string;
  readonly scores: Scores & BoundaryScores;
}

export interface Score {
  readonly pooled: Scores & BoundaryScores;
  /** Lowest F1 first. */
  readonly files: readonly FileScore[];
}

/** @param labels as `fitLabels` makes them */
export function scorable(path: string, track: Track, labels: readonly Label[]): Scorable {
  return { path, track, reference: makeReference(track, labels) };
}

export function score(
  recordings: readonly Scorable[],
  parameters: VadParameters,
  weights: CostWeights = COST_WEIGHTS,
): Score {
  const segmenter = new OfflineSegmenter();
  const all = new Float64Array(TALLY_SIZE);
  const errors: BoundaryErrors[] = [];
  const files = recordings.map(({ path, track, reference }): FileScore => {
    const tally = new Float64Array(TALLY_SIZE);
    addTally(segmenter.run(track, parameters), reference, tally);
    for (const [i, value] of tally.entries()) all[i] = (all[i] as number) + value;
    const own = boundaryErrors(segmentTrack(track, parameters), reference);
    errors.push(own);
    return { path, scores: { ...scoresOf(tally, 0, weights), ...boundaryScores([own]) } };
  });
  return {
    pooled: { ...scoresOf(all, 0, weights), ...boundaryScores(errors) },
    files: files.sort((a, b) => a.scores.f1 - b.scores.f1),
  };
}

function boundaryScores(errors: readonly BoundaryErrors[]): BoundaryScores {
  return {
    onsetError: spreadOf(errors.flatMap(({ onset }) => onset)),
    offsetError: spreadOf(errors.flatMap(({ offset }) => offset)),
    clippedOnset: spreadOf(errors.flatMap(({ clippedOnset }) => clippedOnset)),
  };
}
