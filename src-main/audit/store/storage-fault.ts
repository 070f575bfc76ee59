/** What went wrong with the disk or the database, in words: every error of SQLite or of the file system becomes a fault of the stage `log`. */
import { Fault, toFault } from '../../fault.ts';

interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const FULL: Explanation = {
  code: 'log-disk-full',
  message: 'The disk that holds the log is full',
  hint: 'Free some space; what is still in memory is then written by itself.',
};
const NOT_WRITABLE: Explanation = {
  code: 'log-not-writable',
  message: 'The log can’t be written',
  hint: 'Give yourself write access to the data folder, or choose another with --home.',
};
const DAMAGED: Explanation = {
  code: 'log-damaged',
  message: 'The log is damaged or is not a database',
  hint: 'Start Squelch once: it keeps the damaged files and saves what can be read. A backup may hold more.',
};
const BUSY: Explanation = {
  code: 'log-busy',
  message: 'Another program holds the log',
  hint: 'Close the program that has squelch.db open.',
};
const FAILING: Explanation = {
  code: 'log-disk-failing',
  message: 'The disk that holds the log reported an error',
  hint: 'Check the disk; choose another data folder with --home.',
};

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  SQLITE_FULL: FULL,
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  EROFS: NOT_WRITABLE,
  ENOTDIR: NOT_WRITABLE,
  EEXIST: NOT_WRITABLE,
  ENOENT: NOT_WRITABLE,
  SQLITE_READONLY: NOT_WRITABLE,
  SQLITE_CANTOPEN: NOT_WRITABLE,
  SQLITE_PERM: NOT_WRITABLE,
  SQLITE_CORRUPT: DAMAGED,
  SQLITE_NOTADB: DAMAGED,
  SQLITE_BUSY: BUSY,
  SQLITE_LOCKED: BUSY,
  SQLITE_IOERR: FAILING,
  EIO: FAILING,
};

/** @returns null when `thrown` is no error of storage, but a bug or a broken rule of the schema. */
export function storageFault(thrown: unknown): Fault | null {
  if (thrown instanceof Fault) return thrown.stage === 'log' ? thrown : null;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  // Extended result codes: SQLITE_IOERR_WRITE, SQLITE_READONLY_DIRECTORY.
  const explanation = EXPLANATIONS[code] ?? EXPLANATIONS[code.split('_').slice(0, 2).join('_')];
  if (!explanation) return null;
  const detail = (thrown as Error).message;
  return new Fault(explanation.code, `${explanation.message} (${detail}).`, {
    hint: explanation.hint,
    stage: 'log',
    cause: thrown,
  });
}

/** `thrown` as a fault of the stage `log`, whatever it was. */
export function logFault(thrown: unknown): Fault {
  return storageFault(thrown) ?? toFault(thrown, 'log');
}
