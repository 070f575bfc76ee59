/**
 * The settings file of a home folder. People edit it by hand, also while Squelch runs: a change begins with what is in the
 * file by then, and what it holds that this Squelch does not know stays in it. A file that can't be used is set aside; one
 * that can't be read, or that a newer Squelch wrote, is never written.
 */
import { mkdirSync, readFileSync } from 'node:fs';
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
import { isOfNewer, parseKept, setAside, writeKept } from './kept-file.ts';
import { isGroup, partKnown, understood } from './known.ts';
import { upgradeSettings } from './upgrade.ts';

export interface SettingsStore {
  readonly current: Settings;
  /**
   * Writes the change before it is in force; where the file must not be written, it is in force until Squelch stops.
   * @throws Fault when the file can't be written; nothing changed then.
   */
  update(patch: SettingsPatch): Settings;
}

/** What the user should know of the file. */
interface Notice {
  readonly message: string;
  readonly hint: string;
}

interface Loaded {
  /** What the file holds; null when there is none, or it can't be read. */
  readonly text: string | null;
  readonly settings: Settings;
  readonly notice: Notice | null;
  /** What the file holds besides; null when it must not be written. */
  readonly unknown: Record<string, unknown> | null;
}

/** @param home the data folder, which exists. @param tell hears what the user should know of the file */
export function openSettings(home: string, tell: (notice: Notice) => void = () => {}): SettingsStore {
  const path = join(home, 'settings.json');
  const load = (otherwise: Settings): Loaded => {
    const loaded = read(path, otherwise);
    if (loaded.notice) tell(loaded.notice);
    return loaded;
  };
  let inForce = load(DEFAULT_SETTINGS);
  return {
    get current() {
      return inForce.settings;
    },
    update(patch) {
      const before = textOf(path) === inForce.text ? inForce : load(inForce.settings);
      const settings = settingsSchema.parse(merge(before.settings, patch));
      const text = before.unknown ? save(path, merge(before.unknown, settings)) : before.text;
      inForce = { ...before, settings, text };
      return settings;
    },
  };
}

/** @param otherwise what is in force where the file says nothing */
function read(path: string, otherwise: Settings): Loaded {
  try {
    const text = readFileSync(path, 'utf8');
    return { text, ...understand(path, text, otherwise) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const none = { text: null, settings: otherwise };
    if (code === 'ENOENT') return { ...none, notice: null, unknown: {} };
    return { ...none, notice: unreadNotice(path, code, otherwise), unknown: null };
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** @param otherwise what is in force where the file can't be used */
function understand(path: string, text: string, otherwise: Settings): Omit<Loaded, 'text'> {
  try {
    const json = parseKept(text);
    if (isOfNewer(json)) {
      const settings = settingsSchema.parse(merge(DEFAULT_SETTINGS, { ...understood(json), version: 1 }));
      return { settings, notice: newerNotice(path), unknown: null };
    }
    const upgraded = upgradeSettings(json);
    const { known, unknown } = isGroup(upgraded) ? partKnown(upgraded) : { known: upgraded, unknown: {} };
    const settings = settingsSchema.parse(merge(DEFAULT_SETTINGS, settingsPatchSchema.parse(known)));
    return { settings, notice: unknownNotice(path, unknown), unknown };
  } catch (thrown) {
    const notice = setAsideNotice(reasonOf(thrown), setAside(path), otherwise);
    return { settings: otherwise, notice, unknown: {} };
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

/** @returns what the file holds now */
function save(path: string, settings: Record<string, unknown>): string {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    return writeKept(path, settings);
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

function remaining(settings: Settings): string {
  return settings === DEFAULT_SETTINGS ? 'The defaults are in force.' : 'What was in force before stays so.';
}

function setAsideNotice(reason: string, keptAs: string, otherwise: Settings): Notice {
  return {
    message: `The settings file could not be used (${reason}). ${remaining(otherwise)}`,
    hint: `Your file is kept as ${keptAs}.`,
  };
}

function unreadNotice(path: string, code: string | undefined, otherwise: Settings): Notice {
  return {
    message: `The settings file can’t be read (${code}). ${remaining(otherwise)}`,
    hint: `What you change here lasts until this Squelch stops. See to it that ${path} can be read, and start again.`,
  };
}

function newerNotice(path: string): Notice {
  return {
    message: 'The settings were written by a newer Squelch: what this one understands of them is in force.',
    hint: `What you change here lasts until this Squelch stops. Use the newer one, or move ${path} away.`,
  };
}

function unknownNotice(path: string, unknown: Record<string, unknown>): Notice | null {
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
