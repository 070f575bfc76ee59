/**
 * How well voice detection finds what people labelled: pooled figures of the shipped default, the presets of others and
 * a preset tuned for F1, all on the same clips; the tuned one only ever on folds that it was not chosen by.
 * Run: node bench/vad-quality.ts [folder of labelled recordings]
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { curvesOf } from '../src-main/vad-lab/metrics/curves.ts';
import { scorable, score } from '../src-main/vad-lab/metrics/score.ts';
import type { Scores } from '../src-main/vad-lab/metrics/scores.ts';
import { shippedPresets } from '../src-main/vad-lab/presets.ts';
import { collect } from '../src-main/vad-lab/recordings.ts';
import { tune } from '../src-main/vad-lab/tuning/tune.ts';

const ROOT = join(import.meta.dirname, '..');
const folder = process.argv[2] ?? join(ROOT, '../shared/speech/labelled');
if (!existsSync(folder)) {
  console.error(`There is no folder ${folder}: give one of recordings with labels beside them.`);
  process.exit(2);
}

const paths = (await readdir(folder)).filter((name) => name.endsWith('.wav')).map((name) => join(folder, name));
const modelsFolder = join(ROOT, 'models');
const { recordings } = await collect({ modelsFolder, cacheFolder: null, paths, withLabels: true });
const labelled = recordings.flatMap(({ path, track, labels }) => (labels ? [scorable(path, track, labels)] : []));
const presets = await shippedPresets(join(ROOT, 'resources/vad-presets'));
const rivals = [...presets].map(([id, { parameters }]) => ({ id, parameters }));
const { heldOut, gain, train } = tune(labelled, rivals, {
  goal: { mix: { f1: 1 } },
  holdout: { folds: 5 },
  seed: 1,
});

console.log(`${labelled.length} clips, pooled over frames of 10 ms`);
console.log(`${'preset'.padEnd(22)} F1      precision recall   clipped  cut off  end after segments/min`);
for (const rival of rivals) print(rival.id, score(labelled, rival.parameters).pooled);
if (heldOut) print('tuned, held-out folds', heldOut.scores);
print('tuned, all (flatters)', train.scores);
const curves = curvesOf(labelled);
const [best] = [...curves.points].sort((a, b) => b.f1 - a.f1);
console.log(
  `Probabilities alone: ROC-AUC ${curves.auc?.toFixed(4)}, best F1 ${best?.f1.toFixed(4)} at ${best?.threshold}`,
);
if (gain?.interval) {
  const [low, high] = gain.interval.map((value) => value.toFixed(4));
  console.log(`Tuned against the best preset, held out: ${gain.value.toFixed(4)} F1 (95 %: ${low} to ${high})`);
}

function print(name: string, scores: Scores): void {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padEnd(9);
  const delay = scores.meanEndDelayMs === null ? '–' : `${Math.round(scores.meanEndDelayMs)} ms`;
  const shares = [scores.precision, scores.recall, scores.clippedOnsetRate, scores.cutOffRate].map(percent).join('');
  console.log(
    `${name.padEnd(22)} ${scores.f1.toFixed(4)}  ${shares}${delay.padEnd(10)} ${scores.segmentsPerMinute.toFixed(1)}`,
  );
}
