/** Which data folder is meant: the one asked for, else SQUELCH_HOME, else the place this system has for such folders. */
import { resolve } from 'node:path';
import envPaths from 'env-paths';

/** @param asked from `--home`, relative to the working folder; undefined when it was not given. */
export function resolveHome(
  asked: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const chosen = asked || environment.SQUELCH_HOME;
  return chosen ? resolve(chosen) : envPaths('squelch', { suffix: '' }).data;
}
