/** What live detection makes of a preset, and what it does otherwise. */
import { DEFAULT_SETTINGS, settingsSchema, type VadSettings } from '../../src-preload/settings.ts';
import type { Preset } from '../../src-preload/vad-preset.ts';
import { Fault } from '../fault.ts';
import { modelWarning } from './presets.ts';

export interface LiveSettings {
  readonly vad: VadSettings;
  /** One sentence each. */
  readonly warnings: readonly string[];
}

/** The shortest decision: no silence is over before its first window. */
const WINDOW_MS = 32;

/**
 * @param modelSha256 of the weights in force
 * @throws Fault `preset-unfit` when the settings don't allow these values
 */
export function liveSettings(
  { name, parameters, modelSha256: foundWith }: Omit<Preset, 'format'>,
  modelSha256: string,
): LiveSettings {
  const { minSilenceAtMaxMs, cutAtLongestSilence, minSilenceMs, ...shared } = parameters;
  const vad = {
    ...shared,
    minSpeechMs: Math.round(parameters.minSpeechMs),
    minSilenceMs: Math.max(WINDOW_MS, Math.round(minSilenceMs)),
    padBeforeMs: Math.round(parameters.padBeforeMs),
    padAfterMs: Math.round(parameters.padAfterMs),
    maxSpeechMs: parameters.maxSpeechMs === null ? null : Math.round(parameters.maxSpeechMs),
    preset: { name, modelSha256: foundWith },
  };
  const parsed = settingsSchema.safeParse({ ...DEFAULT_SETTINGS, vad });
  if (!parsed.success) {
    const reason = parsed.error.issues.map(({ path, message }) => `${String(path.at(-1))}: ${message}`).join('; ');
    throw new Fault('preset-unfit', `${name} can't be used live: ${reason}`, {
      hint: 'Tune another preset, or edit it',
    });
  }
  const warnings: string[] = [];
  const otherModel = modelWarning({ name, modelSha256: foundWith }, modelSha256);
  if (otherModel) warnings.push(otherModel);
  if (minSilenceMs < vad.minSilenceMs) {
    warnings.push(`Live, silence ends speech after ${vad.minSilenceMs} ms at the earliest.`);
  }
  if (vad.maxSpeechMs !== null && !cutAtLongestSilence) {
    warnings.push('Live, a phrase that became too long is cut at its longest pause, not at its last one.');
  }
  return { vad: parsed.data.vad, warnings };
}
