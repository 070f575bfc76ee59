/** `squelch vad apply`: puts a preset into the settings, for the next conversation. */
import type { CommandOutput } from '../../../src-preload/contract.ts';
import { openApp } from './open-app.ts';
import { EXIT, report } from './report.ts';
import { choosePreset, tellTroubles, type VadCommandOptions } from './vad-recordings.ts';

export interface ApplyOptions extends VadCommandOptions {
  readonly agent?: string;
}

/** @returns the exit status. @throws Fault `preset-unfit` and those of presets and of the core */
export async function applyPreset(nameOrPath: string, options: ApplyOptions): Promise<number> {
  const { json, home, agent } = options;
  const { format: _, ...preset } = await choosePreset(nameOrPath, options);
  const app = await openApp(home, 'cli');
  const connection = app.connect({ event: () => {}, packet: () => {} });
  let used: CommandOutput<'vadLab.use'>;
  try {
    used = (await connection.invoke('vadLab.use', { preset, agentId: agent ?? null })) as typeof used;
  } finally {
    connection.close();
    await app.close();
  }
  const { settings, warnings } = used;
  const vad = agent === undefined ? settings.vad : settings.agentVad.find(({ agentId }) => agentId === agent);
  tellTroubles(warnings, []);
  report(
    json ?? false,
    { preset: preset.name, vad, warnings },
    `${preset.name} is in use${agent ? ` for ${agent}` : ''}.`,
  );
  return EXIT.done;
}
