/**
 * The settings file of a home folder. What it holds that this Squelch does not know stays in it; a file that can't be used
 * is set aside and the defaults are used in its stead; one that a newer Squelch wrote is read as far as it can be
 * understood, and never written.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  DEFAULT_SETTINGS,
  type Settings,
  type SettingsPatch,
  settingsPatchSchema,
  settingsSchema,
} from '../../src-preload/settings.ts';
import { Fault } from '../fault.ts';
import { isOfNewer, setAside } from './kept-file.ts';
import { isGroup, partKnown, understood } from './known.ts';
import { upgradeSettings } from './upgrade.ts';

export interface SettingsStore {
  readonly current: Settings;
  /** What the user should know of the file; null when all of it is in force. */
  readonly notice: { readonly message: string; readonly hint: string } | null;
  /**
   * Writes the change before it is in force; where the file is a newer Squelch's, it is in force until this one stops.
   * @throws Fault when the file can't be written; nothing changed then.
   */
  update(patch: SettingsPatch): Settings;
}

interface Loaded {
  readonly settings: Settings;
  readonly notice: SettingsStore['notice'];
  /** What the file holds besides; null when it must not be written. */
  readonly unknown: Record<string, unknown> | null;
}

/** @param home the data folder, which exists. */
export function openSettings(home: string): SettingsStore {
  const path = join(home, 'settings.json');
  const { settings, notice, unknown } = load(path);
  let current = settings;
  return {
    get current() {
      return current;
    },
    notice,
    update(patch) {
      const next = settingsSchema.parse(merge(current, patch));
      if (unknown) save(path, merge(unknown, next));
      current = next;
      return next;
    },
  };
}

function load(path: string): Loaded {
  if (!existsSync(path)) return { settings: DEFAULT_SETTINGS, notice: null, unknown: {} };
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isOfNewer(json)) {
      const settings = settingsSchema.parse(merge(DEFAULT_SETTINGS, { ...understood(json), version: 1 }));
      return { settings, notice: newerNotice(path), unknown: null };
    }
    const upgraded = upgradeSettings(json);
    const { known, unknown } = isGroup(upgraded) ? partKnown(upgraded) : { known: upgraded, unknown: {} };
    const settings = settingsSchema.parse(merge(DEFAULT_SETTINGS, settingsPatchSchema.parse(known)));
    return { settings, notice: unknownNotice(path, unknown), unknown };
  } catch (thrown) {
    return { settings: DEFAULT_SETTINGS, notice: setAsideNotice(reasonOf(thrown), setAside(path)), unknown: {} };
  }
}

function merge(settings: object, patch: object): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...settings };
  for (const [name, value] of Object.entries(patch)) {
    const before = merged[name];
    merged[name] = isGroup(value) && isGroup(before) ? { ...before, ...value } : value;
  }
  return merged;
}

function save(path: string, settings: Record<string, unknown>): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(settings, null, 2)}\n`, { flush: true });
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new Fault('settings-not-saved', `The settings could not be written to ${path}`, {
      hint: 'Check that the disk is not full and that the folder can be written.',
      cause,
    });
  }
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof z.ZodError)) return 'it is not JSON';
  return thrown.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`).join('; ');
}

function setAsideNotice(reason: string, keptAs: string) {
  return {
    message: `The settings file could not be used (${reason}). The defaults are in force.`,
    hint: `Your file is kept as ${keptAs}.`,
  };
}

function newerNotice(path: string) {
  return {
    message: 'The settings were written by a newer Squelch: what this one understands of them is in force.',
    hint: `What you change here lasts until this Squelch stops. Use the newer one, or move ${path} away.`,
  };
}

function unknownNotice(path: string, unknown: Record<string, unknown>) {
  const names = Object.entries(unknown).flatMap(([name, value]) =>
    Object.hasOwn(settingsSchema.shape, name) && isGroup(value)
      ? Object.keys(value).map((inner) => `${name}.${inner}`)
      : [name],
  );
  if (names.length === 0) return null;
  return {
    message: `The settings file has what this Squelch does not know: ${names.join(', ')}. The rest is in force.`,
    hint: `It stays in ${path}: a newer Squelch may have written it. Mend the name if you did.`,
  };
}
