/** The metrics written a second time, frame by frame and pair by pair: nothing shared with the product's. */
import type { Label } from '../../../src-main/vad-lab/labels/label.ts';
import type { Segment, Track } from '../../../src-main/vad-lab/segmentation.ts';

export function naiveScores(track: Track, labels: readonly Label[], found: readonly Segment[]) {
  const perMs = track.sampleRate / 1000;
  const durationMs = track.samples / perMs;
  const segments = found.map(({ startSample, endSample, decidedSample }) => ({
    startMs: startSample / perMs,
    endMs: endSample / perMs,
    decidedMs: decidedSample / perMs,
  }));
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (let middle = 5; middle < durationMs; middle += 10) {
    const inside = ({ startMs, endMs }: { startMs: number; endMs: number }) => middle >= startMs && middle < endMs;
    const spoken = labels.some(inside);
    const detected = segments.some(inside);
    if (spoken && detected) tp++;
    else if (detected) fp++;
    else if (spoken) fn++;
    else tn++;
  }
  const touches = (label: Label, s: (typeof segments)[number]) => s.startMs < label.endMs && s.endMs > label.startMs;
  const touching = labels.map((label) => segments.filter((segment) => touches(label, segment)));
  const clipped = labels.map((label, i) =>
    touching[i]?.length ? Math.max(0, (touching[i]?.[0]?.startMs ?? 0) - label.startMs) : label.endMs - label.startMs,
  );
  const delays = labels.flatMap((label, i) => {
    const pauseEnd = labels[i + 1]?.startMs ?? durationMs;
    if (pauseEnd - label.endMs < 300) return [];
    const decided = touching[i]?.at(-1)?.decidedMs ?? label.endMs;
    return [Math.min(pauseEnd - label.endMs, Math.max(0, decided - label.endMs))];
  });
  const cutOffs = labels.map((label, i) => touching[i]?.filter(({ decidedMs }) => decidedMs < label.endMs).length ?? 0);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const share = (part: number, whole: number, none: number) => (whole ? part / whole : none);
  const missRate = share(fn, tp + fn, 0);
  const falseAlarmRate = share(fp, fp + tn, 0);
  return {
    precision: share(tp, tp + fp, 1),
    recall: share(tp, tp + fn, 1),
    f1: share(tp, tp + (fp + fn) / 2, 1),
    missRate,
    falseAlarmRate,
    detectionCost: 0.75 * missRate + 0.25 * falseAlarmRate,
    segmentMissRate: share(touching.filter((own) => own.length === 0).length, labels.length, 0),
    segmentFalseAlarmRate: share(
      segments.filter((segment) => !labels.some((label) => touches(label, segment))).length,
      segments.length,
      0,
    ),
    clippedOnsetRate: share(clipped.filter((ms) => ms > 32).length, labels.length, 0),
    meanClippedOnsetMs: share(sum(clipped), labels.length, 0),
    meanEndDelayMs: delays.length ? sum(delays) / delays.length : null,
    cutOffRate: share(sum(cutOffs), labels.length, 0),
    segmentsPerMinute: share(segments.length * 60_000, durationMs, 0),
    speechShare: share(tp + fp, tp + fp + fn + tn, 0),
  };
}

/** Pairs of a label and a segment that are each other's first (for ends: last) among those that touch. */
export function naiveBoundaryErrors(track: Track, labels: readonly Label[], found: readonly Segment[]) {
  const perMs = track.sampleRate / 1000;
  const segments = found.map((s) => ({ startMs: s.startSample / perMs, endMs: s.endSample / perMs }));
  const touch = (a: { startMs: number; endMs: number }, b: { startMs: number; endMs: number }) =>
    a.startMs < b.endMs && a.endMs > b.startMs;
  const pairs = labels.flatMap((label) =>
    segments.filter((s) => touch(label, s)).map((segment) => ({ label, segment })),
  );
  const first = (of: 'label' | 'segment', pair: (typeof pairs)[number]) =>
    pairs.find((p) => p[of] === pair[of]) === pair;
  const last = (of: 'label' | 'segment', pair: (typeof pairs)[number]) =>
    pairs.findLast((p) => p[of] === pair[of]) === pair;
  const onsets = pairs.filter((pair) => first('label', pair) && first('segment', pair));
  const offsets = pairs.filter((pair) => last('label', pair) && last('segment', pair));
  return {
    onsetError: onsets.map(({ label, segment }) => segment.startMs - label.startMs),
    offsetError: offsets.map(({ label, segment }) => segment.endMs - label.endMs),
    clippedOnset: pairs
      .filter((pair) => first('label', pair))
      .map(({ label, segment }) => Math.max(0, segment.startMs - label.startMs)),
  };
}

/** By its meaning: over all pairs of a speech frame and a silent one, equal probabilities count half. */
export function naiveAuc(frames: readonly { readonly speech: boolean; readonly probability: number }[]): number {
  let wins = 0;
  let pairs = 0;
  for (const a of frames.filter(({ speech }) => speech)) {
    for (const b of frames.filter(({ speech }) => !speech)) {
      pairs++;
      wins += a.probability > b.probability ? 1 : a.probability === b.probability ? 0.5 : 0;
    }
  }
  return wins / pairs;
}
