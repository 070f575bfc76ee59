import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  findPreset,
  modelWarning,
  type Preset,
  shippedPresets,
  writePreset,
} from '../../../src-main/vad-lab/presets.ts';
import { DEFAULT_SETTINGS } from '../../../src-preload/settings.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SHIPPED = join(ROOT, 'resources/vad-presets');

describe('shipped presets', () => {
  test('are ours and those of others, all of them valid', async () => {
    const ids = [...(await shippedPresets(SHIPPED)).keys()];
    expect(ids).toEqual(['squelch', 'faster-whisper', 'livekit', 'pipecat', 'silero', 'vad-web']);
  });

  test('ours is what the app starts with, and was found with the model that ships', async () => {
    const { parameters, modelSha256 } = await findPreset(SHIPPED, '/nowhere', 'squelch');
    const { minSilenceAtMaxMs, cutAtLongestSilence, ...live } = parameters;
    expect({ ...live, preset: null }).toEqual(DEFAULT_SETTINGS.vad);
    expect({ minSilenceAtMaxMs, cutAtLongestSilence }).toEqual({ minSilenceAtMaxMs: 98, cutAtLongestSilence: true });
    const { models } = JSON.parse(await readFile(join(ROOT, 'models/manifest.json'), 'utf8'));
    expect(modelSha256).toBe(models[0].sha256);
  });
});

describe('preset files', () => {
  const preset: Preset = {
    format: 'squelch-vad-preset/1',
    name: 'Mine',
    note: '',
    parameters: {
      threshold: 0.4,
      negativeThreshold: 0.2,
      minSpeechMs: 100,
      minSilenceMs: 200,
      padBeforeMs: 50,
      padAfterMs: 20,
      maxSpeechMs: 5_000,
      minSilenceAtMaxMs: 98,
      cutAtLongestSilence: true,
      smoothing: 0.3,
    },
    modelSha256: 'a'.repeat(64),
    data: { recordings: 3, minutes: 1.5, labels: 20 },
    score: {
      objective: 'cost',
      train: 0.95,
      heldOut: 0.93,
      interval: [0.9, 0.96],
      seed: 1,
      cost: { miss: 0.9, falseAlarm: 0.1 },
    },
  };

  test('come back as they were written', async () => {
    const path = join(await temporaryFolder(), 'mine.json');
    await writePreset(path, preset);
    expect(await findPreset(SHIPPED, '/nowhere', path)).toEqual(preset);
  });

  test('of before the weights of cost were kept are read', async () => {
    const path = join(await temporaryFolder(), 'old.json');
    const { cost: _, ...score } = preset.score ?? {};
    await writeFile(path, JSON.stringify({ ...preset, score }));
    expect((await findPreset(SHIPPED, '/nowhere', path)).score).toMatchObject({ objective: 'cost', cost: null });
  });

  test.each([
    ['no JSON', '{', /JSON/],
    ['another kind of file', '{"models":[]}', /format: /],
    [
      'a threshold over 1',
      JSON.stringify({ ...preset, parameters: { ...preset.parameters, threshold: 1.5 } }),
      /parameters\.threshold: /,
    ],
    [
      'a parameter that we do not know',
      JSON.stringify({ ...preset, parameters: { ...preset.parameters, gain: 1 } }),
      /gain/,
    ],
  ])('that are %s are refused with the reason', async (_, content, reason) => {
    const path = join(await temporaryFolder(), 'bad.json');
    await writeFile(path, content);
    await expect(findPreset(SHIPPED, '/nowhere', path)).rejects.toMatchObject({
      code: 'preset-broken',
      message: expect.stringMatching(reason),
    });
  });

  test('that nobody has heard of are answered with those there are', async () => {
    await expect(findPreset(SHIPPED, '/nowhere', 'sillero')).rejects.toMatchObject({
      code: 'preset-unknown',
      hint: expect.stringContaining('squelch, faster-whisper'),
    });
  });

  test('found with another model come with a warning; with this one, or without one, they do not', () => {
    expect(modelWarning(preset, 'b'.repeat(64))).toMatch(/another model .*aaaaaaaaaaaa….*bbbbbbbbbbbb….*Tune it again/);
    expect(modelWarning(preset, 'a'.repeat(64))).toBeNull();
    expect(modelWarning({ ...preset, modelSha256: null }, 'b'.repeat(64))).toBeNull();
  });
});
