/** `squelch sessions backup` and `restore`: a copy of the data folder that is complete or not there. */
import { resolve } from 'node:path';
import { backUp, type Restored, restore } from '../../audit/backup/backup.ts';
import { openDatabaseForReading } from '../../audit/store/database.ts';
import { verifyLog } from '../../audit/verify/verification.ts';
import { counted } from './amounts.ts';
import { dataFolder, noLogFault } from './data-folder.ts';
import { EXIT, report } from './report.ts';

interface BackupOptions {
  readonly json?: boolean;
  readonly home?: string;
}

/** Also while a running Squelch writes the log. @returns the exit status. @throws Fault */
export async function backUpTo({ out, json, home }: BackupOptions & { readonly out: string }): Promise<number> {
  const resolved = dataFolder(home);
  const database = openDatabaseForReading(resolved);
  if (!database) throw noLogFault(resolved);
  try {
    const backup = await backUp({ home: resolved, database, folder: resolve(out) });
    report(json ?? false, backup, `Backed up ${described(backup)}`);
    return EXIT.done;
  } finally {
    database.close();
  }
}

/** Restores, then verifies what it restored. @returns the exit status: failed when anything differs. @throws Fault */
export async function restoreFrom(folder: string, { json, home }: BackupOptions): Promise<number> {
  const restored = await restore(resolve(folder), dataFolder(home));
  const verification = await verifyLog(restored.folder);
  const problems = verification?.problems ?? [];
  const found = problems.length === 0 ? 'It verifies.' : `${problems.length} problems: \`squelch sessions verify\`.`;
  report(json ?? false, { ...restored, problems }, `Restored ${described(restored)} ${found}`);
  return problems.length === 0 ? EXIT.done : EXIT.failed;
}

function described({ folder, entries, files }: Restored): string {
  return `${entries} entries and ${counted(files, 'file')} of sound into ${folder}.`;
}
