import { expect, it } from 'vitest';
import { upgradeSettings } from '../../../src-main/settings/upgrade.ts';
import { settingsPatchSchema } from '../../../src-preload/settings.ts';

it.each([
  [true, 'segmented'],
  [false, 'batch'],
] as const)('reads live transcription %s of an older file as the mode %s', (live, mode) => {
  const upgraded = upgradeSettings({ version: 1, stt: { model: 'whisper-1', live }, talk: { key: 'F8' } });
  expect(settingsPatchSchema.parse(upgraded)).toEqual({
    version: 1,
    stt: { model: 'whisper-1', mode },
    talk: { key: 'F8' },
  });
});

it('reads one padding of an older file as both', () => {
  const upgraded = upgradeSettings({ vad: { threshold: 0.6, paddingMs: 80 } });
  expect(settingsPatchSchema.parse(upgraded)).toEqual({ vad: { threshold: 0.6, padBeforeMs: 80, padAfterMs: 80 } });
});

it.each([
  null,
  7,
  { vad: { paddingMs: 'wide' } },
  { stt: null },
  { stt: { mode: 'realtime' } },
  { stt: { live: 'yes' } },
])('leaves %j to the schema', (json) => {
  expect(upgradeSettings(json)).toBe(json);
});
