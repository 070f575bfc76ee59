/**
 * The settings file of a home folder. A file that can't be used is set aside under another name, never
 * overwritten, and the defaults are used in its stead.
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
import { upgradeSettings } from './upgrade.ts';

/** The file could not be used: why, and where it is now. */
export interface SetAside {
  readonly reason: string;
  readonly keptAs: string;
}

export interface SettingsStore {
  readonly current: Settings;
  readonly setAside: SetAside | null;
  /** Writes the change before it is in force. @throws Fault when the file can't be written; nothing changed then. */
  update(patch: SettingsPatch): Settings;
}

/** @param home the data folder, which exists. */
export function openSettings(home: string): SettingsStore {
  const path = join(home, 'settings.json');
  let { settings: current, setAside } = load(path);
  return {
    get current() {
      return current;
    },
    setAside,
    update(patch) {
      const next = settingsSchema.parse(merge(current, patch));
      save(path, next);
      current = next;
      return next;
    },
  };
}

function load(path: string): { settings: Settings; setAside: SetAside | null } {
  if (!existsSync(path)) return { settings: DEFAULT_SETTINGS, setAside: null };
  try {
    const patch = settingsPatchSchema.parse(upgradeSettings(JSON.parse(readFileSync(path, 'utf8'))));
    return { settings: settingsSchema.parse(merge(DEFAULT_SETTINGS, patch)), setAside: null };
  } catch (thrown) {
    const keptAs = `${path}.${new Date().toISOString().replaceAll(':', '-')}.bad`;
    renameSync(path, keptAs);
    return { settings: DEFAULT_SETTINGS, setAside: { reason: reasonOf(thrown), keptAs } };
  }
}

function merge(settings: Settings, patch: SettingsPatch): unknown {
  const merged: Record<string, unknown> = { ...settings };
  for (const [name, value] of Object.entries(patch)) {
    const before = merged[name];
    merged[name] = isGroup(value) && isGroup(before) ? { ...before, ...value } : value;
  }
  return merged;
}

/** Lists are replaced whole. */
function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function save(path: string, settings: Settings): void {
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
