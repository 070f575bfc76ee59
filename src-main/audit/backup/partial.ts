/**
 * The name of a folder that is not complete yet. Whoever was killed over one leaves it behind, and the next who fills a
 * folder beside it takes it away: nobody loses what another is still filling.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isNobodys, OWN_MARK } from '../store/whose.ts';

const PARTIAL = /^(.+)\.partial-([\w-]+)$/;

/** Beside `folder`, so that it is on the same disk. */
export function partialOf(folder: string): string {
  return `${folder}.partial-${OWN_MARK}`;
}

/** Those of `folder`, and of names `alike`, that nobody on this machine fills any more. */
export function removePartials(folder: string, alike: RegExp | null = null): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const [, whose = '', mark = ''] = PARTIAL.exec(name) ?? [];
    if (whose !== basename(folder) && !alike?.test(whose)) continue;
    // This process fills one folder after the other.
    if (!isNobodys(mark)) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Another user's: no reason not to fill this one.
    }
  }
}
