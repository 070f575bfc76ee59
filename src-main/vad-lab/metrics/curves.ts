/** How well the bare probabilities tell speech from silence, before any segmentation: ROC-AUC and precision-recall. */
import { windowSamplesAt } from '../parameters.ts';
import type { Track } from '../segmentation.ts';
import { firstFrameFrom, type Reference } from './reference.ts';

export interface CurvePoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly falseAlarmRate: number;
  readonly f1: number;
}

export interface Curves {
  /** Probability that a speech frame has a higher probability than a silent one; null without frames of both. */
  readonly auc: number | null;
  /** At the thresholds 0.01 to 0.99. */
  readonly points: readonly CurvePoint[];
}

/** Frames of 10 ms, pooled over the recordings, each with its window's probability. */
export function curvesOf(recordings: readonly { readonly track: Track; readonly reference: Reference }[]): Curves {
  const windows = recordings.reduce((total, { track }) => total + track.probabilities.length, 0);
  const probability = new Float32Array(windows);
  const speech = new Uint32Array(windows);
  const silence = new Uint32Array(windows);
  let at = 0;
  for (const { track, reference } of recordings) {
    const length = windowSamplesAt(track.sampleRate);
    const { frames, speechBefore } = reference;
    for (let i = 0; i < track.probabilities.length; i++, at++) {
      const first = Math.min(frames, firstFrameFrom(i * length, track.sampleRate));
      const after = Math.min(frames, firstFrameFrom((i + 1) * length, track.sampleRate));
      probability[at] = track.probabilities[i] as number;
      speech[at] = (speechBefore[after] as number) - (speechBefore[first] as number);
      silence[at] = after - first - (speech[at] as number);
    }
  }
  return sweep(probability, speech, silence);
}

/** From the highest probability down, equal ones together. */
function sweep(probability: Float32Array, speech: Uint32Array, silence: Uint32Array): Curves {
  const order = Uint32Array.from(probability.keys()).sort(
    (a, b) => (probability[b] as number) - (probability[a] as number),
  );
  const allSpeech = speech.reduce((sum, frames) => sum + frames, 0);
  const allSilence = silence.reduce((sum, frames) => sum + frames, 0);
  const points: CurvePoint[] = [];
  let hits = 0;
  let falseAlarms = 0;
  let area = 0;
  let next = 0;
  const advance = (until: (value: number) => boolean) => {
    while (next < order.length && until(probability[order[next] as number] as number)) {
      const value = probability[order[next] as number] as number;
      let tiedSpeech = 0;
      let tiedSilence = 0;
      for (; next < order.length && probability[order[next] as number] === value; next++) {
        tiedSpeech += speech[order[next] as number] as number;
        tiedSilence += silence[order[next] as number] as number;
      }
      area += tiedSilence * (hits + tiedSpeech / 2);
      hits += tiedSpeech;
      falseAlarms += tiedSilence;
    }
  };
  for (let percent = 99; percent > 0; percent--) {
    const threshold = percent / 100;
    advance((value) => value >= threshold);
    points.push({
      threshold,
      precision: hits + falseAlarms > 0 ? hits / (hits + falseAlarms) : 1,
      recall: allSpeech > 0 ? hits / allSpeech : 1,
      falseAlarmRate: allSilence > 0 ? falseAlarms / allSilence : 0,
      f1: allSpeech + hits + falseAlarms > 0 ? (2 * hits) / (allSpeech + hits + falseAlarms) : 1,
    });
  }
  advance(() => true);
  const auc = allSpeech > 0 && allSilence > 0 ? area / (allSpeech * allSilence) : null;
  return { auc, points: points.reverse() };
}
