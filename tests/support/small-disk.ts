/** A file system of its own that can be filled up or made read-only. */
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { temporaryHome } from './audit.ts';

export interface SmallDisk {
  readonly home: string;
  /** Takes all the space but `left` bytes. @returns gives it back */
  fill(left: number): () => void;
  remount(options: string): void;
}

/** Skips the test where this user may not mount one. */
export function smallDisk(context: TestContext, options = 'size=4m'): SmallDisk {
  const home = temporaryHome();
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', options, 'squelch-test', home], { stdio: 'pipe' });
  } catch {
    context.skip('needs the right to mount a file system (root on Linux)');
  }
  onTestFinished(() => void execFileSync('/bin/umount', ['-l', home]));
  return {
    home,
    fill(left) {
      const path = join(home, 'ballast');
      const { bavail, bsize } = statfsSync(home);
      writeFileSync(path, Buffer.alloc(Math.max(0, bavail * bsize - left)));
      return () => rmSync(path);
    },
    remount: (changed) => void execFileSync('/bin/mount', ['-o', `remount,${changed}`, home]),
  };
}
