/** How sure a pooled score is: it is computed again on recordings drawn with replacement. Source: Efron, 1979. */
import { percentile } from '../metrics/boundaries.ts';
import { TALLY_SIZE } from '../metrics/tally.ts';
import { seededRandom } from './random.ts';

const DRAWS = 2_000;

/**
 * @param tallies one or more for each recording, such as those of two settings to compare
 * @param statistic of the sums of one draw, in the order of a recording's tallies
 * @returns the middle 95 %; null when there are fewer than two recordings
 */
export function bootstrapInterval(
  tallies: readonly (readonly Float64Array[])[],
  statistic: (sums: readonly Float64Array[]) => number,
  seed: number,
): [number, number] | null {
  const [first] = tallies;
  if (!first || tallies.length < 2) return null;
  const random = seededRandom(seed);
  const sums = first.map(() => new Float64Array(TALLY_SIZE));
  const values = Array.from({ length: DRAWS }, () => {
    for (const sum of sums) sum.fill(0);
    for (let i = 0; i < tallies.length; i++) {
      const drawn = tallies[Math.floor(random() * tallies.length)] as readonly Float64Array[];
      for (const [which, sum] of sums.entries()) {
        const tally = drawn[which] as Float64Array;
        for (let place = 0; place < TALLY_SIZE; place++) sum[place] = (sum[place] as number) + (tally[place] as number);
      }
    }
    return statistic(sums);
  });
  return [percentile(values, 0.025) as number, percentile(values, 0.975) as number];
}
