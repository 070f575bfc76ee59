/** Tallies of settings over recordings in groups (the folds), each setting segmented once, whoever asks. */

import type { VadParameters } from '../../../src-preload/vad-preset.ts';
import type { Scorable } from '../metrics/score.ts';
import { addTally, TALLY_SIZE } from '../metrics/tally.ts';
import { OfflineSegmenter } from '../segmentation.ts';

export interface Candidate {
  readonly parameters: VadParameters;
  /** One tally for each group, one after the other. */
  readonly tallies: Float64Array;
}

export class Evaluator {
  private readonly recordings: readonly Scorable[];
  /** The group of each recording. */
  private readonly groups: readonly number[];
  private readonly groupCount: number;
  private readonly segmenter = new OfflineSegmenter();
  private readonly known = new Map<string, Candidate>();

  constructor(recordings: readonly Scorable[], groups: readonly number[]) {
    this.recordings = recordings;
    this.groups = groups;
    this.groupCount = Math.max(0, ...groups) + 1;
  }

  get evaluations(): number {
    return this.known.size;
  }

  evaluate(parameters: VadParameters): Candidate {
    const key = Object.values(parameters).join();
    const known = this.known.get(key);
    if (known) return known;
    const tallies = new Float64Array(this.groupCount * TALLY_SIZE);
    for (const [i, { track, reference }] of this.recordings.entries()) {
      addTally(this.segmenter.run(track, parameters), reference, tallies, (this.groups[i] as number) * TALLY_SIZE);
    }
    const candidate = { parameters, tallies };
    this.known.set(key, candidate);
    return candidate;
  }

  /** The tally over all groups that `chosen` says yes to. */
  sum({ tallies }: Candidate, chosen: (group: number) => boolean): Float64Array {
    const sums = new Float64Array(TALLY_SIZE);
    for (let group = 0; group < this.groupCount; group++) {
      if (!chosen(group)) continue;
      for (let i = 0; i < TALLY_SIZE; i++) sums[i] = (sums[i] as number) + (tallies[group * TALLY_SIZE + i] as number);
    }
    return sums;
  }

  /** A tally for each recording of the chosen groups, in their order. */
  each(parameters: VadParameters, chosen: (group: number) => boolean): Float64Array[] {
    return this.recordings.flatMap(({ track, reference }, i) => {
      if (!chosen(this.groups[i] as number)) return [];
      const tally = new Float64Array(TALLY_SIZE);
      addTally(this.segmenter.run(track, parameters), reference, tally);
      return [tally];
    });
  }
}
