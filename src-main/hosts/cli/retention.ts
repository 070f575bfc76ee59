/** `squelch sessions retention`: erases by age and by size, by the rules of the settings or those given here. */
import type { RetentionReport } from '../../../src-preload/contract.ts';
import type { RetentionRules } from '../../../src-preload/settings.ts';
import { counted, fileSize } from './amounts.ts';
import { dataFolder } from './data-folder.ts';
import { EXIT, report, UsageError } from './report.ts';
import { writeLog } from './write-log.ts';

export interface RetentionCommandOptions extends Partial<RetentionRules> {
  readonly preview?: boolean;
  readonly json?: boolean;
  readonly home?: string;
}

/** @returns the exit status. @throws UsageError, Fault */
export async function retention(options: RetentionCommandOptions): Promise<number> {
  const { preview, json } = options;
  const erased = await writeLog(dataFolder(options.home), (log, { log: kept }) => {
    const rules: RetentionRules = {
      soundDays: options.soundDays ?? kept.soundDays,
      allDays: options.allDays ?? kept.allDays,
      capMegabytes: options.capMegabytes ?? kept.capMegabytes,
    };
    if (Object.values(rules).every((rule) => rule === null)) {
      throw new UsageError('the settings have no rule: give --sound-days, --all-days or --cap-megabytes');
    }
    const applied = { rules, now: Date.now(), except: null };
    return preview ? log.previewRetention(applied) : log.runRetention(applied);
  });
  report(json ?? false, erased, retentionText(erased, preview ? 'Would erase' : 'Erased'));
  return EXIT.done;
}

function retentionText({ sound, sessions }: RetentionReport, verb: string): string {
  return [
    `${verb} the sound of ${counted(sound.turns, 'turn')} (${fileSize(sound.bytes)}),`,
    `and ${counted(sessions.sessions, 'session')} of ${counted(sessions.turns, 'turn')} (${fileSize(sessions.bytes)}).`,
  ].join(' ');
}
