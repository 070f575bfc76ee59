/** The settings that are tried: a grid, random points, and the neighbours of a point. */
import { negativeThresholdOf, SILERO_PARAMETERS } from '../../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../../src-preload/vad-preset.ts';

/** Values for each parameter, ascending. */
export interface SearchSpace {
  readonly threshold: readonly number[];
  /** How far the negative threshold lies below the threshold. */
  readonly hysteresis: readonly number[];
  readonly minSpeechMs: readonly number[];
  readonly minSilenceMs: readonly number[];
  readonly padBeforeMs: readonly number[];
  readonly padAfterMs: readonly number[];
  readonly maxSpeechMs: readonly (number | null)[];
  readonly smoothing: readonly number[];
}

/** 10,080 settings. */
export const SEARCH_SPACE: SearchSpace = {
  threshold: [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9],
  hysteresis: [0.05, 0.15, 0.25],
  minSpeechMs: [0, 64, 128, 256],
  minSilenceMs: [32, 96, 160, 288, 544],
  padBeforeMs: [0, 30, 60, 120],
  padAfterMs: [0, 30, 60],
  maxSpeechMs: [null],
  smoothing: [0],
};

/** Tried besides, when somebody wants it. */
const MORE = { maxSpeechMs: [null, 5_000, 15_000, 30_000], smoothing: [0, 0.35, 0.6] } as const;

export function searchSpace({ maxLength = false, smoothing = false }): SearchSpace {
  return {
    ...SEARCH_SPACE,
    ...(maxLength ? { maxSpeechMs: MORE.maxSpeechMs } : {}),
    ...(smoothing ? { smoothing: MORE.smoothing } : {}),
  };
}

const KEYS = Object.keys(SEARCH_SPACE) as (keyof SearchSpace)[];
const LOWEST_NEGATIVE = 0.01;
/** About the logarithm of the longest silence and padding, in milliseconds. */
const LOG_SCALE = 6;

type Point = { -readonly [K in keyof SearchSpace]: SearchSpace[K][number] };

export function gridSize(space: SearchSpace): number {
  return KEYS.reduce((product, key) => product * space[key].length, 1);
}

export function* grid(space: SearchSpace): Generator<VadParameters, void> {
  const total = gridSize(space);
  for (let index = 0; index < total; index++) {
    let rest = index;
    const point: Record<string, number | null> = {};
    for (const key of KEYS) {
      const values = space[key];
      point[key] = values[rest % values.length] as number | null;
      rest = Math.floor(rest / values.length);
    }
    yield toParameters(point as Point);
  }
}

/** Anywhere between the ends of the space. */
export function randomSetting(space: SearchSpace, random: () => number): VadParameters {
  const point: Record<string, number | null> = {};
  for (const key of KEYS) point[key] = anyOf(key, space, random);
  return toParameters(point as Point);
}

/** One or two parameters moved by up to `reach` (0..1) of their span. */
export function neighbour(
  parameters: VadParameters,
  space: SearchSpace,
  reach: number,
  random: () => number,
): VadParameters {
  const point: Record<string, number | null> = { ...toPoint(parameters) };
  const moves = random() < 0.5 ? 1 : 2;
  for (let i = 0; i < moves; i++) {
    const key = KEYS[Math.floor(random() * KEYS.length)] as keyof SearchSpace;
    const [lowest, highest] = span(key, space);
    const at = point[key];
    if (typeof at !== 'number') {
      point[key] = anyOf(key, space, random);
    } else {
      const moved = at + (random() * 2 - 1) * reach * (highest - lowest);
      point[key] = round(key, Math.min(highest, Math.max(lowest, moved)));
    }
  }
  return toParameters(point as Point);
}

/** Where a setting lies, each parameter on a scale of about 0 to 1, so that distances mean something. */
export function coordinates(parameters: VadParameters): number[] {
  const { threshold, minSpeechMs, minSilenceMs, padBeforeMs, padAfterMs, maxSpeechMs } = parameters;
  const lengths = [minSpeechMs, minSilenceMs, padBeforeMs, padAfterMs].map((ms) => Math.log1p(ms) / LOG_SCALE);
  const longest = maxSpeechMs === null ? 1 : Math.min(1, Math.log1p(maxSpeechMs) / (2 * LOG_SCALE));
  return [threshold, negativeThresholdOf(parameters), ...lengths, longest, parameters.smoothing];
}

function anyOf(key: keyof SearchSpace, space: SearchSpace, random: () => number): number | null {
  const values = space[key];
  if (values.includes(null as never) && random() < 1 / values.length) return null;
  const [lowest, highest] = span(key, space);
  return round(key, lowest + random() * (highest - lowest));
}

function span(key: keyof SearchSpace, space: SearchSpace): readonly [number, number] {
  const numbers = (space[key] as readonly (number | null)[]).filter((value) => value !== null);
  return [Math.min(...numbers), Math.max(...numbers)];
}

function round(key: keyof SearchSpace, value: number): number {
  return key.endsWith('Ms') ? Math.round(value) : Math.round(value * 1000) / 1000;
}

function toParameters({ hysteresis, threshold, ...rest }: Point): VadParameters {
  const negativeThreshold = Math.round(Math.max(threshold - hysteresis, LOWEST_NEGATIVE) * 1000) / 1000;
  return { ...SILERO_PARAMETERS, threshold, negativeThreshold, ...rest };
}

function toPoint(parameters: VadParameters): Point {
  const { threshold, minSpeechMs, minSilenceMs, padBeforeMs, padAfterMs, maxSpeechMs, smoothing } = parameters;
  const hysteresis = threshold - negativeThresholdOf(parameters);
  return { threshold, hysteresis, minSpeechMs, minSilenceMs, padBeforeMs, padAfterMs, maxSpeechMs, smoothing };
}
