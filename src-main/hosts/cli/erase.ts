/** `squelch sessions redact` and `delete`: what is erased is gone; that it was, when and why stays in the log. */
import { setImmediate } from 'node:timers/promises';
import type { ErasureReport, RedactionPart } from '../../../src-preload/contract.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { Fault } from '../../fault.ts';
import { dataFolder } from './data-folder.ts';
import { EXIT, mention, report, UsageError } from './report.ts';
import { writeLog } from './write-log.ts';

interface EraseOptions {
  readonly reason: string;
  readonly json?: boolean;
  readonly home?: string;
}

/** How one of those that are meant is looked up and erased. */
interface Erasing {
  readonly what: 'turn' | 'session';
  isThere(log: AuditLog, id: string): boolean;
  erase(log: AuditLog, id: string, reason: string): ErasureReport;
}

const TELL_EVERY_MS = 1_000;

/** @returns the exit status. @throws UsageError, Fault */
export function redact(
  turnIds: readonly string[],
  options: EraseOptions & { readonly part: RedactionPart },
): Promise<number> {
  return eraseAll(turnIds, options, {
    what: 'turn',
    isThere: (log, id) => log.queries.getTurn(id) !== null,
    erase: (log, id, reason) => log.redactTurn(id, options.part, reason),
  });
}

/** @returns the exit status. @throws UsageError, Fault */
export function deleteSessions(sessionIds: readonly string[], options: EraseOptions): Promise<number> {
  return eraseAll(sessionIds, options, {
    what: 'session',
    isThere: (log, id) => log.queries.findSession(id) !== null,
    erase: (log, id, reason) => log.deleteSession(id, reason),
  });
}

/** One after the other, each wholly or not at all; none when one of them is not there. Control-C stops between two. */
async function eraseAll(
  ids: readonly string[],
  { reason, json, home }: EraseOptions,
  { what, isThere, erase }: Erasing,
): Promise<number> {
  if (reason.trim() === '') throw new UsageError('--reason is empty');
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  try {
    const erased = await writeLog(dataFolder(home), async (log) => {
      const all = [...new Set(ids)];
      const missing = all.find((id) => !isThere(log, id));
      if (missing !== undefined) throw unknown(what, missing);
      const sum = { seq: null as number | null, contents: 0, files: 0, swept: true };
      let toldAt = performance.now();
      for (const [done, id] of all.entries()) {
        await setImmediate();
        if (stopped) throw stoppedAfter(done, all.length, what);
        if (performance.now() - toldAt >= TELL_EVERY_MS) {
          toldAt = performance.now();
          mention(`${done} of ${all.length} ${what}s`);
        }
        const { seq, contents, files, swept } = erase(log, id, reason.trim());
        sum.seq = seq ?? sum.seq;
        sum.contents += contents;
        sum.files += files;
        sum.swept = swept;
      }
      return sum;
    });
    if (!erased.swept) mention('Another program reads the log: freed space is wiped when it has closed it.');
    report(json ?? false, erased, erasedText(erased));
    return EXIT.done;
  } finally {
    process.off('SIGINT', stop);
  }
}

function erasedText({ seq, contents, files }: ErasureReport): string {
  if (seq === null) return 'There was nothing left to erase.';
  return `Erased ${contents} contents, ${files} of them files of sound. Entry ${seq} of the log says so.`;
}

function unknown(what: Erasing['what'], id: string): Fault {
  const list = what === 'session' ? 'squelch sessions' : 'squelch sessions show ID';
  return new Fault(`${what}-unknown`, `There is no ${what} ${id}.`, {
    hint: `\`${list}\` lists them. Nothing was erased.`,
    stage: 'log',
  });
}

function stoppedAfter(done: number, of: number, what: Erasing['what']): Fault {
  return new Fault('erasure-stopped', `Stopped after ${done} of ${of} ${what}s; those are erased, the others whole.`, {
    hint: 'Start it again with those that are left.',
    stage: 'log',
  });
}
