/**
 * The name of a folder that is not complete yet. Whoever was killed over one leaves it behind, and the next who fills a
 * folder beside it takes it away: known by machine and process, so that nobody loses what another is still filling.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

const MACHINE = hostname().replace(/[^\w-]/g, '_');
const PARTIAL = /^(.+)\.partial-([\w-]+)-(\d+)$/;

/** Beside `folder`, so that it is on the same disk. */
export function partialOf(folder: string): string {
  return `${folder}.partial-${MACHINE}-${process.pid}`;
}

/** Those of `folder`, and of names `alike`, that nobody on this machine fills any more. */
export function removePartials(folder: string, alike: RegExp | null = null): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const [, whose = '', machine, pid] = PARTIAL.exec(name) ?? [];
    if (whose !== basename(folder) && !alike?.test(whose)) continue;
    if (machine !== MACHINE || isOther(Number(pid))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Another user's: no reason not to fill this one.
    }
  }
}

/** Whether it runs and is not this process, which fills one folder after the other. */
function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
