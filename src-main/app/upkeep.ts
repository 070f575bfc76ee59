/** What the log needs without being asked, at the start and once a day: the retention and the backups of the settings. */
import { backupTime, newestBackup } from '../audit/backup/backup.ts';
import { reportFault, toFault } from '../fault.ts';
import type { Core } from './core.ts';

const DAY_MS = 86_400_000;
/** A machine that slept is late, so the time is looked at often. */
const LOOK_EVERY_MS = 600_000;

/** Begins at once. */
export function startUpkeep(core: Core): { stop(): void } {
  let erasedAt = 0;
  let looking = false;

  async function erase(): Promise<void> {
    // A clock that was set back is no reason to wait for it.
    if (Math.abs(Date.now() - erasedAt) < DAY_MS) return;
    erasedAt = Date.now();
    const { sound, sessions } = await core.log.runRetention(core.retention(core.app.settings.log));
    if (sound.turns + sessions.sessions > 0) core.lab.forgetErased();
  }

  async function backUp(): Promise<void> {
    const { backupFolder, backupEveryDays } = core.app.settings.log;
    if (backupFolder === null) return;
    const newest = newestBackup(backupFolder);
    if (newest === null || Date.now() - backupTime(newest) >= backupEveryDays * DAY_MS) {
      await core.log.backUp(backupFolder);
    }
  }

  async function attempt(work: () => Promise<void>, failure: string): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const { message, hint } = reportFault(toFault(thrown, 'log'));
      core.notices.add({ level: 'error', message: `${failure} ${message}`, hint });
    }
  }

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    await attempt(erase, 'Old turns could not be erased.');
    await attempt(backUp, 'The log could not be backed up.');
    looking = false;
  }

  void look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
