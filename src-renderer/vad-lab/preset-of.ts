/** The settings as a preset: where they come from is kept while they are unchanged. */
import type { CommandInput } from '../../src-preload/contract.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import type { LabState } from './lab-state.ts';

type PresetInput = CommandInput<'vadLab.use'>['preset'];

export function presetOf({ parameters, presetId, presets, source, tuning }: LabState, name?: string): PresetInput {
  const known = [presets.find(({ id }) => id === presetId)?.preset, tuning?.result?.preset];
  const base = known.find((preset) => JSON.stringify(preset?.parameters) === JSON.stringify(parameters));
  if (base) {
    const { format: _, ...rest } = base;
    return { ...rest, name: name ?? base.name };
  }
  return {
    name: name ?? labWords.settings.newName,
    note: '',
    parameters,
    modelSha256: source?.modelSha256 ?? null,
    data: null,
    score: null,
  };
}
