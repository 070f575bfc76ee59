import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Scorable, scorable } from '../../../src-main/vad-lab/metrics/score.ts';
import { TALLY, TALLY_SIZE } from '../../../src-main/vad-lab/metrics/tally.ts';
import { segmentTrack } from '../../../src-main/vad-lab/segmentation.ts';
import { bootstrapInterval } from '../../../src-main/vad-lab/tuning/bootstrap.ts';
import { chooseSetting } from '../../../src-main/vad-lab/tuning/choose.ts';
import { Evaluator } from '../../../src-main/vad-lab/tuning/evaluator.ts';
import { type Goal, objectiveFor } from '../../../src-main/vad-lab/tuning/objective.ts';
import { seededRandom } from '../../../src-main/vad-lab/tuning/random.ts';
import {
  grid,
  neighbour,
  randomSetting,
  SEARCH_SPACE,
  type SearchSpace,
} from '../../../src-main/vad-lab/tuning/space.ts';
import { type TuneOptions, tune } from '../../../src-main/vad-lab/tuning/tune.ts';
import { tuneInThread } from '../../../src-main/vad-lab/tuning/tune-in-thread.ts';
import { agreements, suspiciousPlaces } from '../../../src-main/vad-lab/unlabelled.ts';
import type { CostWeights } from '../../../src-preload/vad-parameters.ts';
import { SILERO_PARAMETERS } from '../../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../../src-preload/vad-preset.ts';

/** Phrases with pauses inside and between them, in probabilities that wander around levels. */
function made(seed: number, levels: { speech: number; silence: number }, seconds = 30) {
  const random = seededRandom(seed);
  const probabilities = new Float32Array(Math.round((seconds * 1000) / 32));
  let speaking = false;
  let left = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (left-- <= 0) {
      speaking = !speaking;
      left = Math.floor(random() * 40) + 4;
    }
    const wobble = (random() - 0.5) * 0.3;
    probabilities[i] = Math.min(1, Math.max(0, (speaking ? levels.speech : levels.silence) + wobble));
  }
  return { sampleRate: 16_000, samples: probabilities.length * 512, probabilities };
}

/** Labelled by a setting: that setting is the optimum. */
function planted(parameters: VadParameters, count: number, levels = { speech: 0.62, silence: 0.48 }): Scorable[] {
  return plantedLabels(parameters, count, levels).map(({ path, track, labels }) => scorable(path, track, labels));
}

function plantedLabels(parameters: VadParameters, count: number, levels = { speech: 0.62, silence: 0.48 }) {
  return Array.from({ length: count }, (_, i) => {
    const track = made(i + 1, levels);
    const labels = segmentTrack(track, parameters).map(({ startSample, endSample }) => ({
      startMs: startSample / 16,
      endMs: endSample / 16,
      text: '',
    }));
    return { path: `${i}.wav`, track, labels };
  });
}

const optimum: VadParameters = {
  ...SILERO_PARAMETERS,
  threshold: 0.55,
  negativeThreshold: 0.4,
  minSpeechMs: 128,
  minSilenceMs: 160,
  padBeforeMs: 60,
  padAfterMs: 30,
};

const options: TuneOptions = { goal: { mix: { f1: 1 } }, holdout: { folds: 3 }, seed: 7 };
const small: SearchSpace = { ...SEARCH_SPACE, hysteresis: [0.15], minSpeechMs: [0, 128], padAfterMs: [0, 30] };

describe('tuning', () => {
  test('finds a planted optimum in the grid, and holds it on every fold', () => {
    const { parameters, train, heldOut, folds, gain } = tune(
      planted(optimum, 6),
      [{ id: 'silero', parameters: SILERO_PARAMETERS }],
      { ...options, space: small },
    );
    expect(parameters).toEqual(optimum);
    expect([train.value, heldOut?.value]).toEqual([1, 1]);
    expect(folds.map((fold) => fold.parameters)).toEqual([optimum, optimum, optimum]);
    expect(gain?.interval?.[0]).toBeGreaterThan(0);
  });

  test('comes close to it by chance and by steps, without a grid', () => {
    const { train, evaluations } = tune(planted(optimum, 4), [], { ...options, method: 'random', evaluations: 1_200 });
    expect(train.value).toBeGreaterThan(0.97);
    expect(evaluations).toBeLessThanOrEqual(1_200 * 4);
  });

  test('is honest: where every recording follows a rule of its own, nothing that is chosen holds for others', () => {
    const random = seededRandom(3);
    const recordings = Array.from({ length: 8 }, (_, i) => {
      const { track, reference } = planted(randomSetting(SEARCH_SPACE, random), i + 1)[i] as Scorable;
      return { path: `${i}.wav`, track, reference };
    });
    const { train, heldOut, folds } = tune(recordings, [], { ...options, holdout: { folds: 4 } });
    expect(heldOut?.value).toBeLessThan(train.value);
    for (const { testPaths } of folds) expect(testPaths).toHaveLength(2);
    expect(new Set(folds.flatMap(({ testPaths }) => testPaths)).size).toBe(8);
  });

  test('keeps a share of the recordings aside, and judges on those alone', () => {
    const { folds } = tune(planted(optimum, 10), [], { ...options, space: small, holdout: { share: 0.3 } });
    expect(folds).toHaveLength(1);
    expect(folds[0]?.testPaths).toHaveLength(3);
  });

  test('of one recording claims nothing about others', () => {
    const { train, heldOut, gain, folds } = tune(planted(optimum, 1), [], { ...options, space: small });
    expect([train.value, heldOut, gain, folds]).toEqual([1, null, null, []]);
  });

  test.each(['exhaustive', 'random'] as const)('%s gives the same for the same seed', (method) => {
    const run = () => tune(planted(optimum, 4), [], { ...options, space: small, method, evaluations: 200 });
    expect(run()).toEqual(run());
  });

  test('keeps a shipped preset that nothing beats', () => {
    const rival = { ...optimum, threshold: 0.5432, minSilenceMs: 151 };
    const { parameters, gain } = tune(planted(rival, 4), [{ id: 'rival', parameters: rival }], {
      ...options,
      space: small,
    });
    expect(parameters).toEqual(rival);
    expect(gain?.value).toBe(0);
  });

  test('the front has no setting that another one beats in both', () => {
    const { pareto } = tune(planted(optimum, 3), [], { ...options, space: small });
    expect(pareto.length).toBeGreaterThan(1);
    for (const [i, point] of pareto.entries()) {
      const before = pareto[i - 1];
      if (!before) continue;
      expect(point.endDelayMs).toBeGreaterThan(before.endDelayMs);
      expect(point.missRate).toBeLessThan(before.missRate);
    }
  });
});

test('of settings that are equally good, the one in their middle is chosen, not the first', () => {
  const recordings = planted(optimum, 4, { speech: 0.8, silence: 0.2 });
  const evaluator = new Evaluator(
    recordings,
    recordings.map(() => 0),
  );
  const good = [0.51, 0.52, 0.53, 0.54, 0.55].map((threshold) => ({ ...optimum, threshold }));
  const bad = Array.from({ length: 495 }, (_, i) => ({ ...optimum, minSilenceMs: 5_000 + i }));
  const candidates = [...good, ...bad].map((parameters) => evaluator.evaluate(parameters));
  const chosen = chooseSetting(evaluator, candidates, objectiveFor({ mix: { f1: 1 } }), () => true, 1);
  expect(chosen.parameters).toEqual({ ...optimum, threshold: 0.53 });
});

describe('in a thread of its own', () => {
  test('tuning gives the same, and tells how far it is', async () => {
    const recordings = plantedLabels(optimum, 3);
    const evaluated: number[] = [];
    const tuning = await tuneInThread(recordings, [], {
      ...options,
      space: small,
      onProgress: (count) => evaluated.push(count),
    });
    expect(tuning).toEqual(tune(planted(optimum, 3), [], { ...options, space: small }));
    expect(evaluated).toEqual([500, 1_000]);
  });

  test('it ends when it is cancelled', async () => {
    const cancel = new AbortController();
    const onProgress = () => cancel.abort();
    const tuning = tuneInThread(plantedLabels(optimum, 3), [], { ...options, onProgress }, cancel.signal);
    await expect(tuning).rejects.toMatchObject({ name: 'Fault', code: 'cancelled' });
    await expect(tuneInThread([], [], options, cancel.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('objectives', () => {
  const recordings = planted({ ...optimum, minSilenceMs: 544 }, 3, { speech: 0.75, silence: 0.25 });
  const best = (goal: Goal, weights?: CostWeights) =>
    tune(recordings, [], { ...options, goal, ...(weights ? { weights } : {}) }).train.scores;

  test('each gets what it asks for', () => {
    const f1 = best({ mix: { f1: 1 } });
    expect(best({ mix: { 'no-clip': 1 } }).clippedOnsetRate).toBe(0);
    expect(best({ mix: { 'fast-end': 1 } }).meanEndDelayMs).toBeLessThan(f1.meanEndDelayMs as number);
    const misses = best({ mix: { cost: 1 } }, { miss: 0.99, falseAlarm: 0.01 }).missRate;
    const alarms = best({ mix: { cost: 1 } }, { miss: 0.01, falseAlarm: 0.99 }).missRate;
    expect(misses).toBeLessThanOrEqual(alarms);
  });

  test('a mix is the weighted mean of its parts', () => {
    const sums = new Float64Array(TALLY_SIZE).fill(3);
    const value = (goal: Goal) => objectiveFor(goal)(sums);
    const [f1, cost] = [value({ mix: { f1: 1 } }), value({ mix: { cost: 1 } })];
    expect(value({ mix: { f1: 3, cost: 1 } })).toBeCloseTo((3 * f1 + cost) / 4);
  });

  test('a target is met without labels', () => {
    const bare = recordings.map(({ path, track }) => scorable(path, track, []));
    for (const share of [0.3, 0.6]) {
      const { train } = tune(bare, [], { ...options, goal: { target: 'speech-share', wanted: share } });
      expect(train.scores.speechShare).toBeCloseTo(share, 1);
    }
  });
});

describe('the space', () => {
  test('as it is has some ten thousand settings, each once', () => {
    const settings = [...grid(SEARCH_SPACE)].map((setting) => JSON.stringify(setting));
    expect(settings.length).toBe(10_080);
    expect(new Set(settings).size).toBeGreaterThan(9_500);
  });

  test('bounds what chance and steps lead to', () => {
    const limited = { ...SEARCH_SPACE, maxSpeechMs: [null, 5_000, 30_000] };
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, reach) => {
        const random = seededRandom(seed);
        let setting = randomSetting(limited, random);
        for (let i = 0; i < 20; i++) setting = neighbour(setting, limited, reach, random);
        expect(setting.threshold).toBeGreaterThanOrEqual(0.15);
        expect(setting.threshold).toBeLessThanOrEqual(0.9);
        expect(setting.negativeThreshold).toBeLessThanOrEqual(setting.threshold);
        expect(setting.minSilenceMs).toBeGreaterThanOrEqual(32);
        expect(setting.padBeforeMs).toBeLessThanOrEqual(120);
        if (setting.maxSpeechMs !== null) expect(setting.maxSpeechMs).toBeGreaterThanOrEqual(5_000);
      }),
    );
  });
});

test('the bootstrap holds the pooled value, is wider for fewer recordings, and needs two', () => {
  const tally = (hits: number) => {
    const sums = new Float64Array(TALLY_SIZE);
    sums[TALLY.hits] = hits;
    sums[TALLY.misses] = 100 - hits;
    return [sums];
  };
  const recall = ([sums]: readonly Float64Array[]) =>
    (sums?.[TALLY.hits] ?? 0) / ((sums?.[TALLY.hits] ?? 0) + (sums?.[TALLY.misses] ?? 0));
  const width = (count: number) => {
    const interval = bootstrapInterval(
      Array.from({ length: count }, (_, i) => tally(i % 2 ? 60 : 90)),
      recall,
      1,
    );
    const [low, high] = interval as [number, number];
    expect(low).toBeLessThanOrEqual(0.75);
    expect(high).toBeGreaterThanOrEqual(0.75);
    return high - low;
  };
  expect(width(40)).toBeLessThan(width(8));
  expect(bootstrapInterval([tally(50)], recall, 1)).toBeNull();
});

describe('without labels', () => {
  const track = {
    sampleRate: 16_000,
    samples: 100 * 512,
    probabilities: Float32Array.from({ length: 100 }, (_, i) => (i < 20 ? 0.9 : i < 40 ? 0.1 : i < 60 ? 0.6 : 0.4)),
  };
  const recordings = [{ path: 'a.wav', track }];
  const bare = { ...SILERO_PARAMETERS, padBeforeMs: 0, padAfterMs: 0 };
  const settings = [
    { id: 'low', parameters: { ...bare, threshold: 0.5 } },
    { id: 'high', parameters: { ...bare, threshold: 0.7 } },
  ];

  test('settings agree where they say the same', () => {
    // Low hears 0 to 640 ms and from 1,280 ms on (never under 0.35), high only the first: they differ in 1,920 of 3,200.
    const [agreement] = agreements(recordings, settings);
    expect(agreement).toMatchObject({ a: 'low', b: 'high', share: expect.closeTo(0.4) });
    expect(agreement?.kappa).toBeCloseTo((0.4 - (0.8 * 0.2 + 0.2 * 0.8)) / (1 - 0.32));
    expect(agreements(recordings, [settings[0], settings[0]] as typeof settings)[0]).toMatchObject({
      share: 1,
      kappa: 1,
    });
  });

  test('places are worth listening to where settings differ or the model is undecided, longest first', () => {
    expect(suspiciousPlaces(recordings, settings)).toEqual([
      { path: 'a.wav', startMs: 1_280, endMs: 3_200, why: 'settings-disagree', speechBy: ['low'] },
    ]);
    expect(suspiciousPlaces(recordings, settings.slice(0, 1))).toEqual([
      { path: 'a.wav', startMs: 1_920, endMs: 3_200, why: 'model-undecided', speechBy: ['low'] },
    ]);
  });
});
