/** Home folders and opened logs that are gone when their test is over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AuditLog, openAuditLog } from '../../src-main/audit/audit-log.ts';
import { type HomeLock, lockHome } from '../../src-main/audit/store/home-lock.ts';
import type { Fault } from '../../src-main/fault.ts';

export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'squelch-log-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

export interface OpenedLog {
  readonly log: AuditLog;
  readonly faults: Fault[];
  /** Closes the log and lets go of the home. */
  close(): void;
}

export function openLog(home: string, baseFetch?: typeof fetch): OpenedLog {
  const lock: HomeLock = lockHome(home);
  const faults: Fault[] = [];
  const onFault = (fault: Fault) => void faults.push(fault);
  const log = openAuditLog(lock, { appVersion: '0.0.0-test', onFault, ...(baseFetch ? { baseFetch } : {}) });
  const close = () => {
    log.close();
    lock.release();
  };
  onTestFinished(close);
  return { log, faults, close };
}
