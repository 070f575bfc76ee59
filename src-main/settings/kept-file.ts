/**
 * Files of JSON that people edit by hand. One that is broken is set aside under another name, and one that a newer Squelch
 * wrote stays as it is: neither is ever written over.
 */
import { realpathSync, renameSync, writeFileSync } from 'node:fs';
import { Fault } from '../fault.ts';

/** The version that every file of this Squelch says. */
const VERSION = 1;

/** What is in a file. @throws SyntaxError */
export function parseKept(text: string): unknown {
  // Editors of Windows may begin a file with a mark of its encoding.
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

/** Writes it whole or not at all, for its owner's eyes. @returns what the file holds now */
export function writeKept(path: string, value: object): string {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  const target = behindLink(path);
  writeFileSync(`${target}.new`, text, { flush: true, mode: 0o600 });
  renameSync(`${target}.new`, target);
  return text;
}

/** Who keeps a file elsewhere and links to it wants it changed there. */
function behindLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** @returns where it is kept now: under its own name where the folder takes no other */
export function setAside(path: string): string {
  const keptAs = `${path}.${new Date().toISOString().replaceAll(':', '-')}.bad`;
  try {
    renameSync(path, keptAs);
    return keptAs;
  } catch {
    return path;
  }
}

/** @param json what is in the file */
export function isOfNewer(json: unknown): json is Record<string, unknown> {
  const isObject = typeof json === 'object' && json !== null;
  return isObject && 'version' in json && typeof json.version === 'number' && json.version > VERSION;
}

/** Why a file can't be changed that a newer Squelch wrote. */
export function ofNewerFault(code: string, path: string): Fault {
  return new Fault(code, `${path} was written by a newer Squelch, so it is not changed`, {
    hint: 'Use the newer Squelch, or move the file away.',
  });
}
