/** A folder in which nothing can be made, renamed or removed. */
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { onTestFinished, type TestContext } from 'vitest';

/** Skips the test where there is no way to make one. @returns makes it writable again */
export function makeReadOnly(folder: string, context: TestContext): () => void {
  if (process.platform === 'win32') context.skip('needs permissions of folders');
  const isRoot = process.getuid?.() === 0;
  let readOnly = true;
  const release = () => {
    if (!readOnly) return;
    readOnly = false;
    if (isRoot) execFileSync('/bin/umount', ['-l', folder]);
    else chmodSync(folder, 0o700);
  };
  try {
    if (isRoot) {
      execFileSync('/bin/mount', ['--bind', folder, folder], { stdio: 'pipe' });
      execFileSync('/bin/mount', ['-o', 'remount,bind,ro', folder], { stdio: 'pipe' });
    } else chmodSync(folder, 0o500);
  } catch {
    context.skip('needs the right to mount a file system (root on Linux)');
  }
  onTestFinished(release);
  return release;
}
