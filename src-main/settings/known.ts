/** Which parts of a settings file this Squelch understands: a newer one, or a slip of the pen, may have brought others. */
import { z } from 'zod';
import { type SettingsPatch, settingsPatchSchema, settingsSchema } from '../../src-preload/settings.ts';

type Json = Record<string, unknown>;

/** @returns the settings by whose names this Squelch goes, and what it has no name for */
export function partKnown(json: Json): { known: Json; unknown: Json } {
  return part(json, settingsSchema);
}

/** @returns whatever fits, of a file in which other things need not */
export function understood(json: Json): SettingsPatch {
  const fitting: Json = {};
  for (const [name, value] of Object.entries(partKnown(json).known)) {
    const group = groupOf(settingsSchema, name);
    const candidate = group && isGroup(value) ? fittingOf(group, value) : value;
    if (settingsPatchSchema.safeParse({ [name]: candidate }).success) fitting[name] = candidate;
  }
  return settingsPatchSchema.parse(fitting);
}

/** Lists are taken whole. */
export function isGroup(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function part(json: Json, schema: z.ZodObject): { known: Json; unknown: Json } {
  const known: Json = {};
  const unknown: Json = {};
  for (const [name, value] of Object.entries(json)) {
    const group = groupOf(schema, name);
    if (!Object.hasOwn(schema.shape, name)) unknown[name] = value;
    else if (!group || !isGroup(value)) known[name] = value;
    else {
      const parted = part(value, group);
      known[name] = parted.known;
      if (Object.keys(parted.unknown).length > 0) unknown[name] = parted.unknown;
    }
  }
  return { known, unknown };
}

function fittingOf({ shape }: z.ZodObject, group: Json): Json {
  return Object.fromEntries(
    Object.entries(group).filter(([name, value]) => (shape[name] as z.ZodType).safeParse(value).success),
  );
}

function groupOf({ shape }: z.ZodObject, name: string): z.ZodObject | null {
  const schema = Object.hasOwn(shape, name) ? shape[name] : null;
  return schema instanceof z.ZodObject ? schema : null;
}
