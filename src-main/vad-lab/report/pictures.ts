/** The pictures of a report, as SVG text: what the model heard in a recording, precision and recall, misses and delay. */

import { negativeThresholdOf } from '../../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../../src-preload/vad-preset.ts';
import type { CurvePoint } from '../metrics/curves.ts';
import type { Recording } from '../recordings.ts';
import { segmentTrack } from '../segmentation.ts';
import type { ParetoPoint } from '../tuning/pareto.ts';

const WIDTH = 1000;
const LANE = 100;
const STRIP = 14;
const SQUARE = 320;

/** Probability over time with both thresholds; below it what was found and, if there are labels, what they say. */
export function recordingPicture(recording: Recording, parameters: VadParameters): string {
  const { track, durationMs, labels } = recording;
  const x = (ms: number) => ((ms / durationMs) * WIDTH).toFixed(1);
  const y = (probability: number) => ((1 - probability) * LANE).toFixed(1);
  const strip = (startMs: number, endMs: number, top: number, name: string) =>
    `<rect class="${name}" x="${x(startMs)}" y="${top}" width="${x(endMs - startMs)}" height="${STRIP - 3}"/>`;
  const toMs = (sample: number) => (sample * 1000) / track.sampleRate;
  const segments = segmentTrack(track, parameters).map(({ startSample, endSample }) =>
    strip(toMs(startSample), toMs(endSample), LANE + 4, 'found'),
  );
  const labelled = (labels ?? []).map(({ startMs, endMs }) => strip(startMs, endMs, LANE + STRIP + 4, 'label'));
  const thresholds = [parameters.threshold, negativeThresholdOf(parameters)].map(
    (value) => `<line class="threshold" x1="0" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}"/>`,
  );
  const line = probabilityLine(track.probabilities).map(([at, value]) => `${(at * WIDTH).toFixed(1)},${y(value)}`);
  return svg(WIDTH, LANE + 2 * STRIP + 6, [
    `<polyline class="probability" points="${line.join(' ')}"/>`,
    ...thresholds,
    ...segments,
    ...labelled,
  ]);
}

export function precisionRecallPicture(points: readonly CurvePoint[]): string {
  const line = points.map(({ recall, precision }) => place(recall, precision));
  return svg(SQUARE, SQUARE, [frame(), `<polyline class="probability" points="${line.join(' ')}"/>`]);
}

export function paretoPicture(points: readonly ParetoPoint[]): string {
  const slowest = Math.max(1, ...points.map(({ endDelayMs }) => endDelayMs));
  const most = Math.max(0.001, ...points.map(({ missRate }) => missRate));
  const dots = points.map(({ endDelayMs, missRate, parameters }) => {
    const [cx, cy] = place(endDelayMs / slowest, missRate / most).split(',');
    const { threshold, minSilenceMs } = parameters;
    const facts = `${Math.round(endDelayMs)} ms, ${(100 * missRate).toFixed(1)} % missed, threshold ${threshold}`;
    return `<circle cx="${cx}" cy="${cy}" r="4"><title>${facts}, silence ${minSilenceMs} ms</title></circle>`;
  });
  return svg(SQUARE, SQUARE, [frame(), ...dots]);
}

/** At most two points for each unit of width: the extremes of what lies there. */
function probabilityLine(probabilities: Float32Array): [number, number][] {
  const each = Math.max(1, Math.ceil(probabilities.length / WIDTH));
  const line: [number, number][] = [];
  for (let start = 0; start < probabilities.length; start += each) {
    const here = probabilities.subarray(start, start + each);
    const at = (start + here.length / 2) / probabilities.length;
    line.push([at, Math.max(...here)]);
    if (each > 1) line.push([at, Math.min(...here)]);
  }
  return line;
}

/** @param right @param up shares of the square */
function place(right: number, up: number): string {
  return `${(right * SQUARE).toFixed(1)},${((1 - up) * SQUARE).toFixed(1)}`;
}

function frame(): string {
  return `<rect class="frame" x="0" y="0" width="${SQUARE}" height="${SQUARE}"/>`;
}

function svg(width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6 -6 ${width + 12} ${height + 12}">${parts.join('')}</svg>`;
}
