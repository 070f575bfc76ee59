/** Tuning on the recordings of an opened source: with labels on those that have them, towards a target on all. */
import type { CommandOutput, CommandRequest } from '../../../src-preload/contract.ts';
import type { Preset } from '../../vad-lab/presets.ts';
import { costOf, nameOfGoal } from '../../vad-lab/tuning/objective.ts';
import { gridSize, searchSpace } from '../../vad-lab/tuning/space.ts';
import { tuneInThread } from '../../vad-lab/tuning/tune-in-thread.ts';
import { tunedPreset, verdictOf } from '../../vad-lab/tuning/tuned-preset.ts';
import { noLabels } from '../../vad-lab/workbench.ts';
import type { OpenedSource } from './opened-source.ts';

/**
 * @param shipped presets to compete with
 * @param onProgress is told how many settings were tried, of how many if that is known
 * @throws Fault `labels-none`, `cancelled`
 */
export async function tuneSource(
  source: OpenedSource,
  { tuningId, goal, holdout, method, evaluations, seed, cost, ...wider }: CommandRequest<'vadLab.tune'>,
  shipped: ReadonlyMap<string, Preset>,
  signal: AbortSignal,
  onProgress: (evaluated: number, of: number | null) => void,
): Promise<CommandOutput<'vadLab.tune'>> {
  const usable = source.recordings
    .map((recording, index) => ({ ...recording, path: String(index) }))
    .filter(({ labels }) => labels || 'target' in goal);
  if (usable.length === 0) throw noLabels();
  const rivals = [...shipped].map(([id, { parameters }]) => ({ id, parameters }));
  const space = searchSpace(wider);
  const of = method === 'exhaustive' ? gridSize(space) + rivals.length : null;
  const options = {
    goal,
    holdout,
    method,
    seed,
    space,
    ...(evaluations ? { evaluations } : {}),
    ...(cost ? { weights: cost } : {}),
    onProgress: (evaluated: number) => onProgress(evaluated, of),
  };
  const subjects = usable.map(({ path, track, labels }) => ({ path, track, labels: labels ?? [] }));
  const tuning = await tuneInThread(subjects, rivals, options, signal);
  source.tunings.set(tuningId, tuning);
  const from = { objective: nameOfGoal(goal), modelSha256: source.modelSha256, seed, cost: costOf(goal, cost) };
  return {
    ...tuning,
    verdict: verdictOf(tuning),
    folds: tuning.folds.map(({ testPaths, ...fold }) => ({ ...fold, testRecordingIds: testPaths })),
    preset: tunedPreset(tuning, usable, from),
  };
}
