/** Scores as the field has them, made of a tally. */
import { COST_WEIGHTS, type CostWeights } from '../../../src-preload/vad-parameters.ts';
import { TALLY } from './tally.ts';

/** Shares are 0..1; frames are 10 ms. */
export interface Scores {
  /** Share of detected frames that are speech; 1 when nothing was detected. */
  readonly precision: number;
  /** Share of speech frames that were detected; 1 when there are none. */
  readonly recall: number;
  /** Harmonic mean of both; 1 when there was nothing to detect and nothing was. */
  readonly f1: number;
  /** Share of speech frames missed. */
  readonly missRate: number;
  /** Share of silent frames detected. */
  readonly falseAlarmRate: number;
  /** Weighted sum of both rates. */
  readonly detectionCost: number;
  /** Share of labels that no segment touches. */
  readonly segmentMissRate: number;
  /** Share of segments that touch no label. */
  readonly segmentFalseAlarmRate: number;
  /** Share of labels of whose beginning more than 32 ms is lost. */
  readonly clippedOnsetRate: number;
  readonly meanClippedOnsetMs: number;
  /** From the end of speech before a pause to the decision that it is over; null when there are no such pauses. */
  readonly meanEndDelayMs: number | null;
  /** Share of those pauses that passed without the decision; they count with their length. */
  readonly undecidedEndRate: number;
  /** Decisions that fell while somebody went on speaking, for each label. */
  readonly cutOffRate: number;
  readonly segmentsPerMinute: number;
  /** Share of the recording that was detected as speech. */
  readonly speechShare: number;
}

/** @param at where the tally begins in `sums` */
export function scoresOf(sums: Float64Array, at = 0, weights: CostWeights = COST_WEIGHTS): Scores {
  const of = (place: number) => sums[at + place] as number;
  const hits = of(TALLY.hits);
  const falseAlarms = of(TALLY.falseAlarms);
  const misses = of(TALLY.misses);
  const rejections = of(TALLY.rejections);
  const missRate = ratio(misses, hits + misses, 0);
  const falseAlarmRate = ratio(falseAlarms, falseAlarms + rejections, 0);
  const ends = of(TALLY.ends);
  return {
    precision: ratio(hits, hits + falseAlarms, 1),
    recall: ratio(hits, hits + misses, 1),
    f1: ratio(2 * hits, 2 * hits + falseAlarms + misses, 1),
    missRate,
    falseAlarmRate,
    detectionCost: weights.miss * missRate + weights.falseAlarm * falseAlarmRate,
    segmentMissRate: ratio(of(TALLY.missedLabels), of(TALLY.labels), 0),
    segmentFalseAlarmRate: ratio(of(TALLY.falseSegments), of(TALLY.segments), 0),
    clippedOnsetRate: ratio(of(TALLY.clippedOnsets), of(TALLY.labels), 0),
    meanClippedOnsetMs: ratio(of(TALLY.clippedMs), of(TALLY.labels), 0),
    meanEndDelayMs: ends > 0 ? of(TALLY.endDelayMs) / ends : null,
    undecidedEndRate: ratio(of(TALLY.undecidedEnds), ends, 0),
    cutOffRate: ratio(of(TALLY.cutOffs), of(TALLY.labels), 0),
    segmentsPerMinute: ratio(of(TALLY.segments) * 60_000, of(TALLY.durationMs), 0),
    speechShare: ratio(hits + falseAlarms, hits + falseAlarms + misses + rejections, 0),
  };
}

function ratio(part: number, whole: number, ofNothing: number): number {
  return whole > 0 ? part / whole : ofNothing;
}
