/**
 * One Squelch per data folder. The lock is an exclusive transaction on a tiny SQLite file: the system lets go of it
 * when the process ends, however it ends, and on every platform alike.
 * Never read `squelch.lock` from the process that holds it: POSIX drops a process's locks when it closes the file.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../../fault.ts';
import { logFault } from './storage-fault.ts';

/** A data folder that this process alone may change. */
export interface HomeLock {
  readonly home: string;
  release(): void;
}

/** Who holds it, written beside the lock for whoever comes second. */
interface Holder {
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** @throws Fault `home-in-use`; `log-not-writable` and the like when the folder can't hold a lock */
export function lockHome(home: string): HomeLock {
  const holderPath = join(home, 'squelch.lock.json');
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const lock = new Database(join(home, 'squelch.lock'), { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
    } catch (thrown) {
      lock.close();
      throw isBusy(thrown) ? homeInUse(home, readHolder(holderPath), thrown) : thrown;
    }
    const holder: Holder = { pid: process.pid, startedAt: new Date().toISOString() };
    try {
      writeFileSync(holderPath, JSON.stringify(holder));
    } catch (thrown) {
      lock.close();
      throw thrown;
    }
    return {
      home,
      release() {
        if (!lock.open) return;
        rmSync(holderPath, { force: true });
        lock.close();
      },
    };
  } catch (thrown) {
    throw logFault(thrown);
  }
}

function homeInUse(home: string, holder: Holder | null, cause: unknown): Fault {
  const who = holder ? ` by process ${holder.pid}, started ${holder.startedAt}` : '';
  return new Fault('home-in-use', `${home} is in use${who}.`, {
    hint: 'Use the Squelch that is already running, close it, or choose another data folder with --home.',
    stage: 'log',
    cause,
  });
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY');
}
