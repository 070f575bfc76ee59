/**
 * Presets: parameters with a name, and where they come from: the model they were found with, the recordings, the score.
 * A file of JSON each, in resources/vad-presets for those that ship.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { type Preset, presetSchema } from '../../src-preload/vad-preset.ts';
import { Fault, toFault } from '../fault.ts';

export type { Preset };

const PRESET_EXTENSION = '.json';

/** The shipped presets, `squelch` first, the others in the order of their names. @throws Fault `preset-broken` */
export async function shippedPresets(folder: string): Promise<ReadonlyMap<string, Preset>> {
  const presets = [...(await presetsIn(folder))];
  return new Map(presets.sort(([a], [b]) => Number(b === 'squelch') - Number(a === 'squelch')));
}

/**
 * Those of a folder, by the names of their files, in their order.
 * @param onBroken is told of files that are none, which are left out
 * @throws Fault `preset-broken` unless it is given
 */
export async function presetsIn(folder: string, onBroken?: (fault: Fault) => void): Promise<Map<string, Preset>> {
  const presets = new Map<string, Preset>();
  for (const file of (await readdir(folder)).filter((name) => extname(name) === PRESET_EXTENSION).sort()) {
    try {
      presets.set(basename(file, PRESET_EXTENSION), await readPreset(join(folder, file)));
    } catch (thrown) {
      if (!onBroken) throw thrown;
      onBroken(toFault(thrown));
    }
  }
  return presets;
}

/**
 * @param shipped folder of the presets that ship
 * @param own folder of the user's, possibly missing
 * @param nameOrPath the name of a file in one of them, or a path
 * @throws Fault `preset-unknown`, `preset-broken`
 */
export async function findPreset(shipped: string, own: string, nameOrPath: string): Promise<Preset> {
  const known = new Map(await shippedPresets(shipped));
  if (existsSync(own)) for (const [id, preset] of await presetsIn(own, () => {})) known.set(id, preset);
  const found = known.get(nameOrPath.toLowerCase());
  if (found) return found;
  if (extname(nameOrPath) !== PRESET_EXTENSION) {
    throw new Fault('preset-unknown', `There is no preset ${nameOrPath}`, {
      hint: `Give one of ${[...known.keys()].join(', ')}, or a preset file (.json)`,
    });
  }
  return readPreset(nameOrPath);
}

/** @throws Fault `preset-not-written` */
export async function writePreset(path: string, preset: Preset): Promise<void> {
  await writeFile(path, presetText(preset)).catch((cause: Error) => {
    throw new Fault('preset-not-written', `${path} can't be written: ${cause.message}`, {
      hint: 'Choose a folder that can be written',
      cause,
    });
  });
}

/** As its file holds it. */
export function presetText(preset: Preset): string {
  return `${JSON.stringify(preset, null, 2)}\n`;
}

/** @returns what to tell the user when the preset was found with another model, else null */
export function modelWarning(
  { name, modelSha256 }: Pick<Preset, 'name' | 'modelSha256'>,
  inForce: string,
): string | null {
  if (modelSha256 === null || modelSha256 === inForce) return null;
  const models = `${modelSha256.slice(0, 12)}…, not ${inForce.slice(0, 12)}…`;
  return (
    `The preset ${name} was found with another model (${models}): the same thresholds may start speech earlier or ` +
    'later and miss or invent some. Tune it again on your recordings.'
  );
}

/** @param name of the file, for what is said of it. @throws Fault `preset-broken` */
export function parsePreset(name: string, text: string): Preset {
  try {
    return presetSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw broken(name, cause);
  }
}

async function readPreset(path: string): Promise<Preset> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw broken(path, cause);
  });
  return parsePreset(path, text);
}

function broken(name: string, cause: unknown): Fault {
  const reason =
    cause instanceof z.ZodError
      ? cause.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`).join('; ')
      : (cause as Error).message;
  return new Fault('preset-broken', `${name} is not a preset: ${reason}`, {
    hint: 'Give a preset that `squelch vad tune --out` wrote',
    cause,
  });
}
