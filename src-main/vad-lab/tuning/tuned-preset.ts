/** What a tuning is worth, said plainly, and the preset that it makes. */
import type { CostWeights } from '../../../src-preload/vad-parameters.ts';
import { PRESET_FORMAT } from '../../../src-preload/vad-preset.ts';
import type { Preset } from '../presets.ts';
import type { Recording } from '../recordings.ts';
import type { Tuning } from './tune.ts';

export interface Verdict {
  /** null when nothing could be held out. */
  readonly improves: boolean | null;
  readonly sentence: string;
}

export function verdictOf({ heldOut, gain, rivals }: Tuning): Verdict {
  const [best] = rivals;
  if (!heldOut || !gain || !best) {
    return {
      improves: null,
      sentence: 'With one recording nothing can be held out: how it does on others is not known.',
    };
  }
  const figures = `${heldOut.value.toFixed(4)} held out, against ${best.value.toFixed(4)} of ${best.id}`;
  if (gain.value <= 0) {
    return { improves: false, sentence: `No better than the best shipped preset: ${figures}. Keep ${best.id}.` };
  }
  const certain = gain.interval !== null && gain.interval[0] > 0;
  const doubt = certain ? '' : ' The difference may be chance: more labelled recordings would tell.';
  return { improves: true, sentence: `Better than every shipped preset: ${figures}.${doubt}` };
}

export interface TunedFrom {
  /** As it was asked for. */
  readonly objective: string;
  readonly modelSha256: string;
  readonly seed: number;
  readonly cost: CostWeights | null;
}

/** @param recordings that it was tuned on */
export function tunedPreset(
  tuning: Tuning,
  recordings: readonly Pick<Recording, 'durationMs' | 'labels'>[],
  { objective, modelSha256, seed, cost }: TunedFrom,
): Preset {
  const interval = tuning.heldOut?.interval;
  return {
    format: PRESET_FORMAT,
    name: `Tuned for ${objective}`,
    note: verdictOf(tuning).sentence,
    parameters: tuning.parameters,
    modelSha256,
    data: {
      recordings: recordings.length,
      minutes: recordings.reduce((sum, { durationMs }) => sum + durationMs, 0) / 60_000,
      labels: recordings.reduce((sum, { labels }) => sum + (labels?.length ?? 0), 0),
    },
    score: {
      objective,
      train: tuning.train.value,
      heldOut: tuning.heldOut?.value ?? null,
      interval: interval ? [interval[0], interval[1]] : null,
      seed,
      cost,
    },
  };
}
