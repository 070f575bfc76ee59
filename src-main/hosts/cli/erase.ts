/** `squelch sessions redact` and `delete`: what is erased is gone; that it was, when and why stays in the log. */
import type { ErasureReport, RedactionPart } from '../../../src-preload/contract.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { resolveHome } from '../home.ts';
import { EXIT, mention, report, UsageError } from './report.ts';
import { writeLog } from './write-log.ts';

interface EraseOptions {
  readonly reason: string;
  readonly json?: boolean;
  readonly home?: string;
}

/** @returns the exit status. @throws UsageError, Fault */
export function redact(turnId: string, options: EraseOptions & { readonly part: RedactionPart }): Promise<number> {
  return erase(options, (log, reason) => log.redactTurn(turnId, options.part, reason));
}

/** @returns the exit status. @throws UsageError, Fault */
export function deleteSession(sessionId: string, options: EraseOptions): Promise<number> {
  return erase(options, (log, reason) => log.deleteSession(sessionId, reason));
}

async function erase(
  { reason, json, home }: EraseOptions,
  work: (log: AuditLog, reason: string) => ErasureReport,
): Promise<number> {
  if (reason.trim() === '') throw new UsageError('--reason is empty');
  const erased = await writeLog(resolveHome(home, process.env), (log) => work(log, reason.trim()));
  if (!erased.swept) mention('Another program reads the log: freed space is wiped when it has closed it.');
  report(json ?? false, erased, erasedText(erased));
  return EXIT.done;
}

function erasedText({ seq, contents, files }: ErasureReport): string {
  if (seq === null) return 'There was nothing left to erase.';
  return `Erased ${contents} contents, ${files} of them files of sound. Entry ${seq} of the log says so.`;
}
