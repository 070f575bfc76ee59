/** `squelch vad tune`: the best settings for recordings, judged on those they were not chosen by. */

import type { CostWeights } from '../../../src-preload/vad-parameters.ts';
import { shippedPresets, writePreset } from '../../vad-lab/presets.ts';
import type { Collection } from '../../vad-lab/recordings.ts';
import { writeReport } from '../../vad-lab/report/write-report.ts';
import {
  costOf,
  type Goal,
  OBJECTIVES,
  type ObjectiveName,
  TARGETS,
  type TargetName,
} from '../../vad-lab/tuning/objective.ts';
import { searchSpace } from '../../vad-lab/tuning/space.ts';
import type { Holdout, Rival, TuneOptions, Tuning } from '../../vad-lab/tuning/tune.ts';
import { tuneInThread } from '../../vad-lab/tuning/tune-in-thread.ts';
import { tunedPreset, verdictOf } from '../../vad-lab/tuning/tuned-preset.ts';
import { agreements, suspiciousPlaces } from '../../vad-lab/unlabelled.ts';
import { noLabels } from '../../vad-lab/workbench.ts';
import { INSTALLATION } from '../installation.ts';
import { checkWritable } from './check-writable.ts';
import { EXIT, mention, report, UsageError } from './report.ts';
import {
  collectRecordings,
  failureDocuments,
  interruptible,
  tellTroubles,
  type VadCommandOptions,
} from './vad-recordings.ts';
import { withoutLabels } from './vad-score.ts';

export interface TuneCommandOptions extends VadCommandOptions {
  readonly objective: string;
  readonly target?: string;
  readonly holdout: string;
  readonly search: string;
  readonly evaluations?: number;
  readonly maxLength?: boolean;
  readonly smoothing?: boolean;
  readonly seed: number;
  readonly cost: CostWeights;
  readonly out?: string;
}

interface Plan {
  readonly goal: Goal;
  /** As it was asked for. */
  readonly name: string;
  readonly labelled: boolean;
}

const PLACES_SHOWN = 200;

/** @returns the exit status. @throws UsageError, Fault `labels-none` and those of measuring and presets */
export async function tuneRecordings(named: readonly string[], options: TuneCommandOptions): Promise<number> {
  const plan = planOf(options);
  const holdout = holdoutOf(options.holdout);
  const method = options.search;
  if (method !== 'exhaustive' && method !== 'random') throw new UsageError('--search must be exhaustive or random');
  if (options.evaluations && method !== 'random') throw new UsageError('--evaluations is for --search random');
  if (options.out) await checkWritable(options.out, '--out');
  if (options.report) await checkWritable(options.report, '--report');

  const collection = await collectRecordings(named, options, true);
  const { modelSha256, failures, recordings } = collection;
  const warnings = [...collection.warnings, ...(plan.labelled ? withoutLabels(collection) : [])];
  tellTroubles(warnings, failures);
  const subjects = plan.labelled
    ? recordings.flatMap(({ path, track, labels }) => (labels ? [{ path, track, labels }] : []))
    : recordings.map(({ path, track }) => ({ path, track, labels: [] }));
  if (subjects.length === 0) throw noLabels();
  const presets = await shippedPresets(INSTALLATION.presets);
  const rivals = [...presets].map(([id, { parameters }]) => ({ id, parameters }));
  const tuneOptions: TuneOptions = {
    goal: plan.goal,
    holdout,
    method,
    seed: options.seed,
    weights: options.cost,
    space: searchSpace(options),
    ...(options.evaluations ? { evaluations: options.evaluations } : {}),
    onProgress: (evaluated) => {
      if (evaluated % 5_000 === 0) mention(`${evaluated} settings tried`);
    },
  };
  const tuning = await interruptible((signal) => tuneInThread(subjects, rivals, tuneOptions, signal));
  const preset = tunedPreset(
    tuning,
    recordings.filter(({ labels }) => !plan.labelled || labels),
    {
      objective: plan.name,
      modelSha256,
      seed: options.seed,
      cost: costOf(plan.goal, options.cost),
    },
  );
  if (options.out) {
    await writePreset(options.out, preset);
    mention(`Wrote ${options.out}; \`squelch vad apply ${options.out}\` puts it to use.`);
  }
  const settings = [{ id: 'tuned', parameters: tuning.parameters }, ...rivals];
  const listening = plan.labelled ? null : listen(collection, settings);
  if (options.report) {
    await writeReport(options.report, { title: 'Voice detection, tuned', modelSha256, preset, recordings, tuning });
  }
  const document = {
    objective: plan.name,
    seed: options.seed,
    modelSha256,
    recordings: subjects.length,
    verdict: verdictOf(tuning),
    ...tuning,
    ...(listening ?? {}),
    preset,
    warnings,
    failures: failureDocuments(failures),
  };
  report(options.json ?? false, document, textOf(plan, tuning, listening));
  return failures.length > 0 ? EXIT.failed : EXIT.done;
}

function planOf({ objective, target }: TuneCommandOptions): Plan {
  if (target !== undefined) {
    const [name = '', value = ''] = target.split('=');
    const wanted = Number(value);
    if (!TARGETS.includes(name as TargetName) || !(wanted > 0) || (name === 'speech-share' && wanted > 1)) {
      throw new UsageError('--target must be segments-per-minute=NUMBER or speech-share=NUMBER up to 1');
    }
    return { goal: { target: name as TargetName, wanted }, name: target, labelled: false };
  }
  const mix: Partial<Record<ObjectiveName, number>> = {};
  for (const part of objective.split(',')) {
    const [name = '', weight = '1'] = part.trim().split('=');
    if (!OBJECTIVES.includes(name as ObjectiveName) || !(Number(weight) > 0)) {
      throw new UsageError(
        `--objective must be of ${OBJECTIVES.join(', ')}, each with a weight if mixed (f1=1,cost=2)`,
      );
    }
    mix[name as ObjectiveName] = Number(weight);
  }
  return { goal: { mix }, name: objective, labelled: true };
}

function holdoutOf(text: string): Holdout {
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (share && Number(share[1]) > 0 && Number(share[1]) < 100) return { share: Number(share[1]) / 100 };
  if (/^\d+$/.test(text) && Number(text) >= 2) return { folds: Number(text) };
  throw new UsageError('--holdout must be a number of folds from 2, or a share such as 30%');
}

function listen({ recordings }: Collection, settings: readonly Rival[]) {
  return {
    agreements: agreements(recordings, settings),
    suspiciousPlaces: suspiciousPlaces(recordings, settings).slice(0, PLACES_SHOWN),
  };
}

function textOf(plan: Plan, tuning: Tuning, listening: ReturnType<typeof listen> | null): string {
  const { parameters, train, heldOut, rivals, evaluations } = tuning;
  const span = (interval: readonly [number, number] | null) =>
    interval ? ` (95 %: ${interval[0].toFixed(4)} to ${interval[1].toFixed(4)})` : '';
  const lines = [
    verdictOf(tuning).sentence,
    ...Object.entries(parameters).map(([name, value]) => `  ${name.padEnd(20)} ${value ?? '–'}`),
    `${plan.name}, ${evaluations} settings tried`,
    `  ${'tuned, train'.padEnd(20)} ${train.value.toFixed(4)}`,
  ];
  if (heldOut) lines.push(`  ${'tuned, held out'.padEnd(20)} ${heldOut.value.toFixed(4)}${span(heldOut.interval)}`);
  for (const { id, value, interval } of rivals) lines.push(`  ${id.padEnd(20)} ${value.toFixed(4)}${span(interval)}`);
  if (listening) {
    lines.push('Agreement with the tuned settings (share of frames, kappa)');
    for (const { a, b, share, kappa } of listening.agreements) {
      if (a === 'tuned') lines.push(`  ${b.padEnd(20)} ${share.toFixed(3)}  ${kappa.toFixed(3)}`);
    }
    lines.push('Worth listening to');
    for (const { path, startMs, endMs, why } of listening.suspiciousPlaces.slice(0, 10)) {
      lines.push(`  ${path}  ${(startMs / 1000).toFixed(2)}–${(endMs / 1000).toFixed(2)} s  ${why}`);
    }
  }
  return lines.join('\n');
}
