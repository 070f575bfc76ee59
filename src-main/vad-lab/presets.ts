/**
 * Presets: parameters with a name, and where they come from: the model they were found with, the recordings, the score.
 * A file of JSON each, in resources/vad-presets for those that ship.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../fault.ts';
import { parametersSchema } from './parameters.ts';

const presetSchema = z.strictObject({
  format: z.literal('squelch-vad-preset/1'),
  name: z.string().min(1).max(100),
  /** What it is meant for, and where its values are from. */
  note: z.string().max(2_000),
  parameters: parametersSchema,
  /** Of the weights it was found with, hex; null when nobody said. */
  modelSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** What it was found on; null when it was not tuned by Squelch. */
  data: z.strictObject({ recordings: z.int(), minutes: z.number(), labels: z.int() }).nullable(),
  score: z
    .strictObject({
      objective: z.string(),
      /** On the recordings it was chosen by. */
      train: z.number(),
      /** On recordings it was not chosen by; null when there were none to hold out. */
      heldOut: z.number().nullable(),
      /** 95 % confidence of the held-out score, by bootstrap over the recordings. */
      interval: z.tuple([z.number(), z.number()]).nullable(),
      seed: z.int(),
    })
    .nullable(),
});

export type Preset = z.infer<typeof presetSchema>;

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
