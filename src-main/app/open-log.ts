/** Opens the home's log for writing or, where the disk does not allow it, for looking only. */
import { type AuditLog, type AuditLogOptions, openAuditLog } from '../audit/audit-log.ts';
import { openReadOnlyLog } from '../audit/read-only-log.ts';
import { lockHome } from '../audit/store/home-lock.ts';
import { type Fault, toFault } from '../fault.ts';
import { prepareHome } from './home.ts';

export interface OpenedLog {
  readonly log: AuditLog;
  /** Why nothing can be written; null when all is well. */
  readonly readOnly: Fault | null;
  /** Lets go of the home. The log is closed before. */
  release(): void;
}

const UNWRITABLE: ReadonlySet<string> = new Set([
  'home-unusable',
  'log-not-writable',
  'log-disk-full',
  'log-disk-failing',
]);

/** @throws Fault when the home can neither be written nor read, or is in use */
export function openLog(home: string, options: AuditLogOptions): OpenedLog {
  try {
    return { ...openForWriting(home, options), readOnly: null };
  } catch (thrown) {
    const readOnly = toFault(thrown, 'log');
    const log = UNWRITABLE.has(readOnly.code) ? openReadOnlyLog(home, readOnly, options.prices) : null;
    if (!log) throw readOnly;
    return { log, readOnly, release: () => {} };
  }
}

function openForWriting(home: string, options: AuditLogOptions): Omit<OpenedLog, 'readOnly'> {
  prepareHome(home);
  const lock = lockHome(home);
  try {
    return { log: openAuditLog(lock, options), release: () => lock.release() };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}
