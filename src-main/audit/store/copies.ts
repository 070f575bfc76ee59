/**
 * Folders for copies of a log, in the system's temporary folder: they are gone when their reader has opened them, and
 * those of a reader that was killed before with the next start.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNobodys, OWN_MARK } from './whose.ts';

const COPY = /^squelch-copy-([\w-]+-\d+)-\w{6}$/;

/** An empty one, readable by this user alone. @throws the file system's error */
export function makeCopyFolder(): string {
  removeLeftCopies();
  return mkdtempSync(join(tmpdir(), `squelch-copy-${OWN_MARK}-`));
}

/** Open files stay readable without a name. Where they can't be removed, as on Windows, the next start does it. */
export function removeCopyFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // See above.
  }
}

export function removeLeftCopies(): void {
  const startedAt = Date.now() - process.uptime() * 1_000;
  for (const name of existsSync(tmpdir()) ? readdirSync(tmpdir()) : []) {
    const [, mark = ''] = COPY.exec(name) ?? [];
    if (!isNobodys(mark)) continue;
    const folder = join(tmpdir(), name);
    // Numbers of processes come again: what is older than this one is not its own.
    const madeAt = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (mark !== OWN_MARK || madeAt < startedAt) removeCopyFolder(folder);
  }
}
