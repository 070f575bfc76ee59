/**
 * What becomes of a file of the user's that this Squelch can't use: one that is broken is set aside under another name, and
 * one that a newer Squelch wrote stays as it is. Neither is ever written over.
 */
import { renameSync } from 'node:fs';
import { Fault } from '../fault.ts';

/** The version that every file of this Squelch says. */
const VERSION = 1;

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
