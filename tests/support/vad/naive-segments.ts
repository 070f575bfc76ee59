/** Silero's segmentation written a second time, as plainly as it can be: nothing shared with the product's. */

import type { Track } from '../../../src-main/vad-lab/segmentation.ts';
import type { VadParameters } from '../../../src-preload/vad-preset.ts';

/** @returns [start, end] in samples */
export function naiveSegments(track: Track, parameters: VadParameters): number[][] {
  const { sampleRate: sr, samples: length } = track;
  const W = sr === 16_000 ? 512 : 256;
  const { threshold, padBeforeMs, padAfterMs } = parameters;
  const negative = parameters.negativeThreshold ?? Math.max(threshold - 0.15, 0.01);
  const before = (sr * padBeforeMs) / 1000;
  const after = (sr * padAfterMs) / 1000;
  const longest =
    parameters.maxSpeechMs === null ? Infinity : (sr * parameters.maxSpeechMs) / 1000 - W - before - after;
  const minSpeech = (sr * parameters.minSpeechMs) / 1000;
  const minSilence = (sr * parameters.minSilenceMs) / 1000;
  const minSilenceAtMax = (sr * parameters.minSilenceAtMaxMs) / 1000;

  const found: { start: number; end: number }[] = [];
  let start: number | null = null;
  let silence: number | null = null;
  let remembered: { at: number; length: number }[] = [];
  let lastCut = 0;
  let resume = 0;
  const forget = () => {
    silence = null;
    remembered = [];
    lastCut = 0;
    resume = 0;
  };
  let p = Number.NaN;
  track.probabilities.forEach((heard, i) => {
    const c = W * i;
    p = i === 0 ? heard : parameters.smoothing * p + (1 - parameters.smoothing) * heard;
    if (p >= threshold && silence !== null) {
      if (c - silence > minSilenceAtMax) remembered.push({ at: silence, length: c - silence });
      silence = null;
      if (resume < lastCut) resume = c;
    }
    if (p >= threshold && start === null) {
      start = c;
      return;
    }
    if (start !== null && c - start > longest) {
      if (parameters.cutAtLongestSilence && remembered.length > 0) {
        const best = remembered.reduce((a, b) => (b.length > a.length ? b : a));
        found.push({ start, end: best.at });
        start = best.at + best.length;
      } else if (lastCut > 0) {
        found.push({ start, end: lastCut });
        start = resume < lastCut ? null : resume;
      } else {
        found.push({ start, end: c });
        start = null;
        forget();
        return;
      }
      forget();
    }
    if (p < negative && start !== null) {
      silence ??= c;
      if (!parameters.cutAtLongestSilence && c - silence > minSilenceAtMax) lastCut = silence;
      if (c - silence < minSilence) return;
      if (silence - start > minSpeech) found.push({ start, end: silence });
      start = null;
      forget();
    }
  });
  if (start !== null && length - start > minSpeech) found.push({ start, end: length });

  const shareAfter = after / (before + after);
  return found.map((segment, i) => {
    const margin = (gap: number | null, pad: number, share: number) =>
      gap !== null && gap < before + after ? Math.floor(gap * share) : pad;
    const previous = found[i - 1];
    const next = found[i + 1];
    const head = margin(previous ? segment.start - previous.end : null, before, 1 - shareAfter);
    const tail = margin(next ? next.start - segment.end : null, after, shareAfter);
    return [Math.trunc(Math.max(0, segment.start - head)), Math.trunc(Math.min(length, segment.end + tail))];
  });
}
