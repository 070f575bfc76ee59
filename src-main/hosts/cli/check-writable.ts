/** What takes long is not begun when its result can't be saved. */
import { rm, stat, writeFile } from 'node:fs/promises';
import { Fault } from '../../fault.ts';

/** Beside the file, so that it can be given its name once it is complete. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.new`;
}

/** @param option by which the path was given. @throws Fault `not-writable` */
export async function checkWritable(path: string, option: string): Promise<void> {
  const refuse = (reason: string | undefined, cause?: unknown) =>
    new Fault('not-writable', `${path} can’t be written: ${reason}.`, {
      hint: `Give ${option} a file in a folder that can be written.`,
      cause,
    });
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw refuse('it is a folder');
  // A device or a pipe would be gone, with a file in its place.
  if (there && !there.isFile()) throw refuse('it is a device');
  try {
    await writeFile(temporaryName(path), '');
    await rm(temporaryName(path));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw refuse(code === 'ENOENT' ? 'its folder does not exist' : code, cause);
  }
}
