/**
 * Presets: parameters with a name, and where they come from: the model they were found with, the recordings, the score.
 * A file of JSON each, in resources/vad-presets for those that ship.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { type Preset, presetSchema } from '../../src-preload/vad-preset.ts';
import { Fault } from '../fault.ts';

export type { Preset };

const PRESET_EXTENSION = '.json';

/** The shipped presets, `squelch` first, the others in the order of their names. @throws Fault `preset-broken` */
export async function shippedPresets(folder: string): Promise<ReadonlyMap<string, Preset>> {
  const files = (await readdir(folder)).filter((file) => extname(file) === PRESET_EXTENSION).sort();
  const ids = files.map((file) => basename(file, PRESET_EXTENSION));
  ids.sort((a, b) => Number(b === 'squelch') - Number(a === 'squelch'));
  return new Map(
    await Promise.all(ids.map(async (id) => [id, await readFileOf(join(folder, id + PRESET_EXTENSION))] as const)),
  );
}

/**
 * @param nameOrPath a shipped preset's id, or a file
 * @throws Fault `preset-unknown`, `preset-broken`
 */
export async function findPreset(folder: string, nameOrPath: string): Promise<Preset> {
  const shipped = await shippedPresets(folder);
  const known = shipped.get(nameOrPath.toLowerCase());
  if (known) return known;
  if (extname(nameOrPath) !== PRESET_EXTENSION) {
    throw new Fault('preset-unknown', `There is no preset ${nameOrPath}`, {
      hint: `Give one of ${[...shipped.keys()].join(', ')}, or a preset file (.json)`,
    });
  }
  return readFileOf(nameOrPath);
}

/** @throws Fault `preset-not-written` */
export async function writePreset(path: string, preset: Preset): Promise<void> {
  await writeFile(path, `${JSON.stringify(preset, null, 2)}\n`).catch((cause: Error) => {
    throw new Fault('preset-not-written', `${path} can't be written: ${cause.message}`, {
      hint: 'Give --out a file in a folder that can be written',
      cause,
    });
  });
}

/** @returns what to tell the user when the preset was found with another model, else null */
export function modelWarning({ name, modelSha256 }: Preset, inForce: string): string | null {
  if (modelSha256 === null || modelSha256 === inForce) return null;
  const models = `${modelSha256.slice(0, 12)}…, not ${inForce.slice(0, 12)}…`;
  return (
    `The preset ${name} was found with another model (${models}): the same thresholds may start speech earlier or ` +
    'later and miss or invent some. Tune it again on your recordings.'
  );
}

async function readFileOf(path: string): Promise<Preset> {
  try {
    return presetSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError
        ? cause.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`).join('; ')
        : (cause as Error).message;
    throw new Fault('preset-broken', `${path} is not a preset: ${reason}`, {
      hint: 'Give a preset that `squelch vad tune --out` wrote',
      cause,
    });
  }
}
