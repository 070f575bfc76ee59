/** `squelch vad apply`: puts a preset into the settings, for the next conversation. */
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from '../../../src-preload/settings.ts';
import { Fault } from '../../fault.ts';
import { loadVad } from '../../speech/vad/silero-vad.ts';
import type { VadParameters } from '../../vad-lab/parameters.ts';
import type { Preset } from '../../vad-lab/presets.ts';
import { INSTALLATION } from '../installation.ts';
import { openApp } from './open-app.ts';
import { EXIT, report } from './report.ts';
import { choosePreset, presetWarnings, tellTroubles, type VadCommandOptions } from './vad-recordings.ts';

/** @returns the exit status. @throws Fault `preset-unfit` and those of presets and of the core */
export async function applyPreset(nameOrPath: string, { json, home }: VadCommandOptions): Promise<number> {
  const preset = await choosePreset(nameOrPath);
  const { modelSha256 } = await loadVad(INSTALLATION.models);
  const { vad, changes } = liveSettings(preset);
  const warnings = [...presetWarnings(preset, modelSha256), ...changes];
  const app = await openApp(home, 'cli');
  const connection = app.connect({ event: () => {}, packet: () => {} });
  try {
    await connection.invoke('settings.update', { vad });
  } finally {
    connection.close();
    await app.close();
  }
  tellTroubles(warnings, []);
  report(json ?? false, { preset: preset.name, vad, warnings }, `${preset.name} is in use.`);
  return EXIT.done;
}

/** What live detection makes of a preset: it pads both sides alike, decides window by window and sets no longest length. */
function liveSettings({ name, parameters }: Preset): { vad: Settings['vad']; changes: string[] } {
  const { threshold, negativeThreshold, minSpeechMs, minSilenceMs, padBeforeMs, padAfterMs, maxSpeechMs } = parameters;
  const vad = {
    threshold,
    negativeThreshold,
    minSpeechMs: Math.round(minSpeechMs),
    minSilenceMs: Math.max(32, Math.round(minSilenceMs)),
    paddingMs: Math.round(Math.max(padBeforeMs, padAfterMs)),
  };
  const parsed = settingsSchema.safeParse({ ...DEFAULT_SETTINGS, vad });
  if (!parsed.success) {
    const reason = parsed.error.issues.map(({ path, message }) => `${String(path.at(-1))}: ${message}`).join('; ');
    throw new Fault('preset-unfit', `${name} can't be used live: ${reason}`, {
      hint: 'Tune another preset, or edit it',
    });
  }
  return { vad: parsed.data.vad, changes: changesFor(vad, { ...parameters, padBeforeMs, padAfterMs, maxSpeechMs }) };
}

function changesFor(
  vad: Settings['vad'],
  { padBeforeMs, padAfterMs, maxSpeechMs, minSilenceMs }: VadParameters,
): string[] {
  const changes: string[] = [];
  if (padBeforeMs !== padAfterMs) changes.push(`Live, both sides are padded alike: by ${vad.paddingMs} ms.`);
  if (minSilenceMs < vad.minSilenceMs)
    changes.push(`Live, silence ends speech after ${vad.minSilenceMs} ms at the earliest.`);
  if (maxSpeechMs !== null) changes.push('Live, segments have no longest length.');
  return changes;
}
