/** `squelch sessions`: reads the log, also while a running Squelch writes it. */
import type { LoggedFaultView, SessionView } from '../../../src-preload/contract.ts';
import { placeFaults } from '../../../src-preload/place-faults.ts';
import { openAuditReader } from '../../audit/audit-log.ts';
import type { Queries } from '../../audit/reading/queries.ts';
import type { SessionDetail, TurnDetail } from '../../audit/reading/session-detail.ts';
import { Fault } from '../../fault.ts';
import { dataFolder } from './data-folder.ts';
import { localTime } from './local-time.ts';
import { EXIT, explained, report } from './report.ts';
import { stepLines } from './step-lines.ts';

interface ReadOptions {
  readonly json?: boolean;
  readonly home?: string;
}

export interface ListOptions extends ReadOptions {
  readonly agent?: string;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly limit: number;
}

/** @returns the exit status. @throws Fault */
export function listSessions({ agent, since, limit, json, home }: ListOptions): number {
  const filter = { before: null, limit, ...(agent ? { agentId: agent } : {}), ...(since ? { since } : {}) };
  const sessions = read(home, (queries) => queries.listSessions(filter)) ?? [];
  const none = agent || since ? 'Nothing found.' : 'No conversations yet.';
  report(json ?? false, sessions, sessions.length ? sessions.map(sessionLine).join('\n') : none);
  return EXIT.done;
}

/** @returns the exit status. @throws Fault `session-unknown` and those of the log */
export function showSession(id: string, { json, home }: ReadOptions): number {
  const detail = read(home, (queries) => queries.getSessionDetail(id));
  if (!detail) {
    throw new Fault('session-unknown', `There is no conversation ${id}.`, { hint: '`squelch sessions` lists them.' });
  }
  report(json ?? false, detail, sessionText(detail));
  return EXIT.done;
}

/** @returns null when there is no log yet. */
function read<T>(home: string | undefined, question: (queries: Queries) => T): T | null {
  const reader = openAuditReader(dataFolder(home));
  if (!reader) return null;
  try {
    return question(reader.queries);
  } finally {
    reader.close();
  }
}

function sessionLine({ id, startedAt, turnCount, title }: SessionView): string {
  const turns = turnCount === 1 ? '1 turn ' : `${turnCount} turns`;
  return `${id}  ${localTime(startedAt)}  ${turns.padStart(9)}  ${title}`;
}

function sessionText({ session, turns, faults }: SessionDetail): string {
  const placed = placeFaults(
    faults,
    turns.map(({ id, at }) => ({ id, startedAt: at })),
  );
  return [
    sessionLine(session),
    ...(placed.get(undefined) ?? []).map(faultText),
    ...turns.map((turn) => `\n${[turnText(turn), ...(placed.get(turn.id) ?? []).map(faultText)].join('\n')}`),
  ].join('\n');
}

function faultText({ at, ...fault }: LoggedFaultView): string {
  return `  Trouble  ${localTime(at)} ${explained(fault)}`;
}

function turnText({ id, at, outcome, user, steps, reply, requests, redactions, cost, error }: TurnDetail): string {
  const facts = [localTime(at), outcome ?? 'in flight', `${requests.length} requests`];
  if (cost !== null) facts.push(`$${cost.toFixed(4)}`);
  const lines = [`${id}  ${facts.join(' · ')}`];
  if (user.committed) lines.push(`  You      ${user.committed}`);
  lines.push(...stepLines(steps).map((line) => `  ${line}`));
  if (reply.text) lines.push(`  Squelch  ${reply.text}`);
  if (reply.heardLength < reply.text.length) lines.push(`  Heard    ${reply.heardText || '(nothing)'}`);
  for (const { at, part, reason } of redactions) lines.push(`  Redacted ${part}, ${localTime(at)}: ${reason}`);
  if (error) lines.push(`  Failed   ${explained(error)}`);
  return lines.join('\n');
}
