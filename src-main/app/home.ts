/** The data folder: made if missing, refused with a reason if it can't be used. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { Fault } from '../fault.ts';

/** @throws Fault `home-unusable` */
export function prepareHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Fault('home-unusable', `${home} can't be used as the data folder: ${reasonOf(home, cause)}`, {
      hint: 'Choose another folder with --home or SQUELCH_HOME, or mend this one.',
      stage: 'log',
      cause,
    });
  }
}

function reasonOf(home: string, cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'EEXIST' || code === 'ENOTDIR') return isFile(home) ? 'it is a file' : 'a part of its path is a file';
  if (code === 'EROFS') return 'the disk is read-only';
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there';
  return code ?? 'unknown reason';
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
