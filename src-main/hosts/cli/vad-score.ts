/** `squelch vad score`: how well a preset finds what the labels beside the recordings say. */

import type { CostWeights } from '../../../src-preload/vad-parameters.ts';
import { type Curves, curvesOf } from '../../vad-lab/metrics/curves.ts';
import type { BoundaryScores, Score } from '../../vad-lab/metrics/score.ts';
import { type Scorable, scorable, score } from '../../vad-lab/metrics/score.ts';
import type { Scores } from '../../vad-lab/metrics/scores.ts';
import type { Collection } from '../../vad-lab/recordings.ts';
import { writeReport } from '../../vad-lab/report/write-report.ts';
import { noLabels } from '../../vad-lab/workbench.ts';
import { checkWritable } from './check-writable.ts';
import { EXIT, report } from './report.ts';
import {
  choosePreset,
  collectRecordings,
  failureDocuments,
  presetWarnings,
  tellTroubles,
  type VadCommandOptions,
} from './vad-recordings.ts';

export interface ScoreOptions extends VadCommandOptions {
  readonly preset: string;
  readonly cost: CostWeights;
}

/** @returns the exit status. @throws UsageError, Fault `labels-none` and those of measuring */
export async function scoreRecordings(named: readonly string[], options: ScoreOptions): Promise<number> {
  if (options.report) await checkWritable(options.report, '--report');
  const preset = await choosePreset(options.preset, options);
  const collection = await collectRecordings(named, options, true);
  const { modelSha256, failures, recordings } = collection;
  const labelled = labelledOf(collection);
  const warnings = [...presetWarnings(preset, modelSha256), ...collection.warnings, ...withoutLabels(collection)];
  tellTroubles(warnings, failures);
  if (labelled.length === 0) throw noLabels();
  const result = score(labelled, preset.parameters, options.cost);
  const curves = curvesOf(labelled);
  if (options.report) {
    await writeReport(options.report, {
      title: 'Speech found, and labels',
      modelSha256,
      preset,
      recordings,
      score: result,
      curves,
    });
  }
  const document = {
    preset: preset.name,
    parameters: preset.parameters,
    modelSha256,
    recordings: labelled.length,
    pooled: result.pooled,
    auc: curves.auc,
    curve: curves.points,
    files: result.files.map(({ path, scores }) => ({ file: path, ...scores })),
    warnings,
    failures: failureDocuments(failures),
  };
  report(options.json ?? false, document, textOf(preset.name, result, curves));
  return failures.length > 0 ? EXIT.failed : EXIT.done;
}

export function labelledOf({ recordings }: Collection): Scorable[] {
  return recordings.flatMap(({ path, track, labels }) => (labels ? [scorable(path, track, labels)] : []));
}

export function withoutLabels({ recordings }: Collection): string[] {
  return recordings.flatMap(({ path, labels }) => (labels ? [] : [`${path} has no labels beside it and is left out`]));
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function textOf(name: string, { pooled, files }: Score, curves: Curves): string {
  const worst = files.slice(0, 10).map(({ path, scores }) => `  ${scores.f1.toFixed(4)}  ${path}`);
  return [
    `${name} on ${files.length} recording${files.length === 1 ? '' : 's'}, pooled`,
    ...lines(pooled).map(([label, value]) => `  ${label.padEnd(28)} ${value}`),
    `  ${'ROC-AUC of the probabilities'.padEnd(28)} ${curves.auc?.toFixed(4) ?? '–'}`,
    'Lowest F1 first',
    ...worst,
  ].join('\n');
}

function lines(scores: Scores & BoundaryScores): [string, string][] {
  const ms = (value: number | null) => (value === null ? '–' : `${Math.round(value)} ms`);
  return [
    ['F1', scores.f1.toFixed(4)],
    ['precision, recall', `${percent(scores.precision)}, ${percent(scores.recall)}`],
    ['detection cost', scores.detectionCost.toFixed(4)],
    ['labels missed', percent(scores.segmentMissRate)],
    ['segments without speech', percent(scores.segmentFalseAlarmRate)],
    ['beginnings clipped', `${percent(scores.clippedOnsetRate)}, p95 ${ms(scores.clippedOnset.p95Ms)}`],
    ['onset error', `${ms(scores.onsetError.medianMs)}, p95 ${ms(scores.onsetError.p95Ms)}`],
    ['offset error', `${ms(scores.offsetError.medianMs)}, p95 ${ms(scores.offsetError.p95Ms)}`],
    ['end of speech known after', ms(scores.meanEndDelayMs)],
    ['segments per minute', scores.segmentsPerMinute.toFixed(1)],
  ];
}
