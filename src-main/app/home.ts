/** The data folder: made if missing, refused with a reason if it can't be used. */
import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '../fault.ts';
import { makeFolder } from '../folder.ts';

/** @throws Fault `home-unusable` */
export function prepareHome(home: string): void {
  try {
    makeFolder(resolve(home));
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(home, reasonOf(home, cause), cause);
  }
}

/** For who only looks: in a file there is nothing either, but it is no data folder. @throws Fault `home-unusable` */
export function refuseFile(home: string): void {
  if (isFile(home)) throw unusable(home, 'it is a file');
}

function unusable(home: string, reason: string, cause?: unknown): Fault {
  return new Fault('home-unusable', `${home} can't be used as the data folder: ${reason}`, {
    hint: 'Choose another folder with --home or SQUELCH_HOME, or mend this one.',
    stage: 'log',
    cause,
  });
}

function reasonOf(home: string, cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'EEXIST' || code === 'ENOTDIR') return isFile(home) ? 'it is a file' : 'a part of its path is a file';
  if (code === 'EROFS') return 'the disk is read-only';
  if (code === 'ENOENT') return 'no folder can be made there';
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there';
  return code ?? 'unknown reason';
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
