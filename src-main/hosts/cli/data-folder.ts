/** The data folder of commands that only look into it, or change it without the rest of the core. */
import { existsSync } from 'node:fs';
import { refuseFile } from '../../app/home.ts';
import { Fault } from '../../fault.ts';
import { resolveHome } from '../home.ts';

/** @param asked from `--home`. @returns the folder, which need not be there yet. @throws Fault `home-unusable` */
export function dataFolder(asked: string | undefined): string {
  const home = resolveHome(asked, process.env);
  refuseFile(home);
  return home;
}

/** For what is said of a log, or done with it: nothing is no answer where a name was mistyped. @throws Fault `log-missing` too */
export function existingDataFolder(asked: string | undefined): string {
  const home = dataFolder(asked);
  if (!existsSync(home)) throw noLogFault(home);
  return home;
}

export function noLogFault(home: string): Fault {
  return new Fault('log-missing', `There is no log in ${home} yet.`, {
    hint: 'Choose the data folder with --home.',
    stage: 'log',
  });
}
