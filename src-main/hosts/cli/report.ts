/**
 * How a command speaks: its result on stdout (for people, or as one JSON document), everything else on stderr, and
 * an exit status of 0 done, 1 failed, 2 wrong usage. Nothing that goes wrong is shown with its stack.
 */
import { type Fault, reportFault } from '../../fault.ts';

export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** The command line itself was wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Writes the result. @param text what a person reads, without its last line break. */
export function report(json: boolean, document: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(document, null, 2) : text}\n`);
}

/** Tells what goes on while the result is still to come. */
export function mention(line: string): void {
  process.stderr.write(`${line}\n`);
}

interface Told {
  readonly message: string;
  readonly hint: string;
}

/** What went wrong and what to do about it, in one line. */
export function explained({ message, hint }: Told): string {
  return `${sentence(message)} ${sentence(hint)}`;
}

/** Something that went well enough, and should be known. */
export function reportNotice(told: Told): void {
  mention(`squelch: ${explained(told)}`);
}

export function reportFailure(json: boolean, fault: Fault): void {
  if (json) process.stdout.write(`${JSON.stringify({ error: reportFault(fault) }, null, 2)}\n`);
  mention(`squelch: ${explained(fault)}`);
}

export function reportUsage(message: string, command: string): void {
  mention(`squelch: ${sentence(message)} See \`${command} --help\`.`);
}

/** @returns one line that ends with a full stop. */
function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}
