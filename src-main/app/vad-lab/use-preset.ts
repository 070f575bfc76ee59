/** A preset put in force, for the whole app or for one agent. */
import type { Settings } from '../../../src-preload/settings.ts';
import type { Preset } from '../../../src-preload/vad-preset.ts';
import type { Core } from '../core.ts';

/** @param agentId null is the whole app. @throws Fault `preset-unfit`, `agent-unknown`, and when it can't be written */
export async function usePreset(
  core: Core,
  preset: Omit<Preset, 'format'>,
  agentId: string | null,
): Promise<{ settings: Settings; warnings: string[] }> {
  const { vad, warnings } = core.lab.liveSettings(preset);
  if (agentId === null) {
    await core.updateSettings({ vad });
  } else {
    core.agents.catalog.refuseUnknown(agentId);
    const others = core.app.settings.agentVad.filter((one) => one.agentId !== agentId);
    await core.updateSettings({ agentVad: [...others, { ...vad, agentId }] });
  }
  return { settings: core.app.settings, warnings: [...warnings] };
}
