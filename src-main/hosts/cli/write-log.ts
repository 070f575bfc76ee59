/** Changes the log without the rest of the core, as the one process that may. */
import { existsSync } from 'node:fs';
import type { Settings } from '../../../src-preload/settings.ts';
import { type AuditLog, openAuditLog } from '../../audit/audit-log.ts';
import { databasePath } from '../../audit/store/database.ts';
import { lockHome } from '../../audit/store/home-lock.ts';
import { openSettings } from '../../settings/store.ts';
import { INSTALLATION } from '../installation.ts';
import { noLogFault } from './data-folder.ts';
import { mention, reportNotice } from './report.ts';

/** @param home the data folder in force. @throws Fault `log-missing`, `home-in-use`, and those of the log and of `work` */
export async function writeLog<T>(
  home: string,
  work: (log: AuditLog, settings: Settings) => T | Promise<T>,
): Promise<T> {
  if (!existsSync(databasePath(home))) throw noLogFault(home);
  const lock = lockHome(home);
  try {
    const settings = openSettings(home, reportNotice);
    const log = openAuditLog(lock, {
      appVersion: INSTALLATION.version,
      onFault: ({ message, hint }) => mention(`squelch: ${message} ${hint}`),
      anchorFolder: () => settings.current.log.anchorFolder,
    });
    if (log.salvaged) mention(`The log was damaged; the damaged files are kept in ${log.salvaged.keptAs}.`);
    try {
      await log.recover();
      return await work(log, settings.current);
    } finally {
      log.close();
    }
  } finally {
    lock.release();
  }
}
