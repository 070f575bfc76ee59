/** `squelch sessions redact` and `delete`: what is erased is gone; that it was, when and why stays in the log. */
import type { ErasureReport, RedactionPart } from '../../../src-preload/contract.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { deleteSessions as deleteEach, type EraseControl, redactTurns } from '../../audit/erase-several.ts';
import { dataFolder } from './data-folder.ts';
import { EXIT, mention, report, UsageError } from './report.ts';
import { writeLog } from './write-log.ts';

interface EraseOptions {
  readonly reason: string;
  readonly json?: boolean;
  readonly home?: string;
}

const TELL_EVERY_MS = 1_000;

/** @returns the exit status. @throws UsageError, Fault */
export function redact(
  turnIds: readonly string[],
  options: EraseOptions & { readonly part: RedactionPart },
): Promise<number> {
  return erase('turns', options, (log, reason, control) => redactTurns(log, turnIds, options.part, reason, control));
}

/** @returns the exit status. @throws UsageError, Fault */
export function deleteSessions(sessionIds: readonly string[], options: EraseOptions): Promise<number> {
  return erase('sessions', options, (log, reason, control) => deleteEach(log, sessionIds, reason, control));
}

/** Control-C stops between two. */
async function erase(
  what: 'turns' | 'sessions',
  { reason, json, home }: EraseOptions,
  work: (log: AuditLog, reason: string, control: EraseControl) => Promise<ErasureReport>,
): Promise<number> {
  if (reason.trim() === '') throw new UsageError('--reason is empty');
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  let toldAt = performance.now();
  const progress = (done: number, of: number) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    mention(`${done} of ${of} ${what}`);
  };
  try {
    const erased = await writeLog(dataFolder(home), (log) =>
      work(log, reason.trim(), { progress, signal: stopping.signal }),
    );
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
