/** A file that appears under its name only when it is complete; until then, and after any failure, there is none. */
import { statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { threadId } from 'node:worker_threads';
import { Fault } from '../../fault.ts';

export interface OutputOptions {
  /** Where it shall be in the end. */
  readonly path: string;
  /** Whether a file that is there already may be replaced. */
  readonly replace: boolean;
}

/**
 * @param write is given an empty file, open for writing
 * @returns bytes written
 * @throws Fault `export-exists`, `export-not-writable`, `export-disk-full`, and what `write` throws
 */
export async function writeWhole(
  { path, replace }: OutputOptions,
  write: (file: FileHandle) => Promise<void>,
): Promise<number> {
  const temporary = temporaryName(path);
  let file: FileHandle | null = null;
  try {
    refuseExisting(path, replace);
    file = await open(temporary, 'wx', 0o600);
    await write(file);
    await file.sync();
    const { size } = await file.stat();
    await file.close();
    file = null;
    refuseExisting(path, replace);
    await rename(temporary, path);
    return size;
  } catch (thrown) {
    await file?.close().catch(() => {});
    await rm(temporary, { force: true }).catch(() => {});
    throw writeFault(path, thrown);
  }
}

/** Beside the file, so that it is on the same disk. */
function temporaryName(path: string): string {
  return `${path}.${process.pid}-${threadId}.part`;
}

function refuseExisting(path: string, replace: boolean): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw writeFault(path, Object.assign(new Error(path), { code: 'EISDIR' }));
  // A device or a pipe would be gone, with a file in its place.
  if (there && !there.isFile()) throw writeFault(path, Object.assign(new Error(path), { code: 'ENXIO' }));
  if (replace || !there) return;
  throw new Fault('export-exists', `There is a file ${path} already`, {
    hint: 'Choose another name, or replace it with --force.',
  });
}

function writeFault(path: string, thrown: unknown): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (thrown instanceof Fault || !REASONS[code]) return thrown;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new Fault(full ? 'export-disk-full' : 'export-not-writable', `${path} can’t be written: ${REASONS[code]}`, {
    hint: full ? 'Free some space, or choose another disk.' : 'Name a file in a folder that you can write.',
    cause: thrown,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist.',
  ENOTDIR: 'a part of its path is a file.',
  EISDIR: 'it is a folder.',
  ENXIO: 'it is a device.',
  EACCES: 'this user may not write there.',
  EPERM: 'this user may not write there.',
  EROFS: 'the disk is read-only.',
  ENAMETOOLONG: 'its name is too long.',
  ENOSPC: 'the disk is full.',
  EDQUOT: 'the disk is full.',
  EFBIG: 'files may not become so large there.',
  EMFILE: 'too many files are open.',
  ENFILE: 'too many files are open.',
  EIO: 'the disk reported an error.',
};
