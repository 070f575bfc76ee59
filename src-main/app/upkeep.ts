/** What the log needs once a day without being asked: the retention that the settings ask for. */
import { reportFault, toFault } from '../fault.ts';
import type { Core } from './core.ts';

const DAY_MS = 86_400_000;
/** A machine that slept is late, so the day is looked at often. */
const LOOK_EVERY_MS = 600_000;

/** Begins at once. */
export function startUpkeep(core: Core): { stop(): void } {
  let doneAt = 0;

  async function look(): Promise<void> {
    if (Date.now() - doneAt < DAY_MS) return;
    doneAt = Date.now();
    try {
      await core.log.runRetention(core.retention(core.app.settings.log));
    } catch (thrown) {
      const { message, hint } = reportFault(toFault(thrown, 'log'));
      core.notices.add({ level: 'error', message: `Old turns could not be erased. ${message}`, hint });
    }
  }

  void look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
