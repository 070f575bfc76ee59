/**
 * Erases several turns or sessions, one after the other, each wholly or not at all: none when one of them is not there,
 * and no more once it is stopped.
 */
import { setImmediate } from 'node:timers/promises';
import type { ErasureReport, RedactionPart } from '../../src-preload/contract.ts';
import { Fault } from '../fault.ts';
import type { AuditLog } from './audit-log.ts';

export interface EraseControl {
  /** Told how many are erased. */
  progress(done: number, of: number): void;
  /** Stops between two. */
  readonly signal: AbortSignal;
  /** Awaited before each. */
  before?(id: string): Promise<void>;
}

interface Erasing {
  readonly what: 'turn' | 'session';
  isThere(id: string): boolean;
  erase(id: string): ErasureReport;
}

/** @throws Fault `turn-unknown`, `turn-in-flight`, `erasure-stopped`, and those of the log */
export function redactTurns(
  log: AuditLog,
  turnIds: readonly string[],
  part: RedactionPart,
  reason: string,
  control: EraseControl,
): Promise<ErasureReport> {
  const isThere = (id: string) => log.queries.getTurn(id) !== null;
  return eraseEach(turnIds, { what: 'turn', isThere, erase: (id) => log.redactTurn(id, part, reason) }, control);
}

/** @throws Fault `session-unknown`, `turn-in-flight`, `erasure-stopped`, and those of the log */
export function deleteSessions(
  log: AuditLog,
  sessionIds: readonly string[],
  reason: string,
  control: EraseControl,
): Promise<ErasureReport> {
  const isThere = (id: string) => log.queries.findSession(id) !== null;
  return eraseEach(sessionIds, { what: 'session', isThere, erase: (id) => log.deleteSession(id, reason) }, control);
}

async function eraseEach(
  ids: readonly string[],
  { what, isThere, erase }: Erasing,
  { progress, signal, before }: EraseControl,
): Promise<ErasureReport> {
  const all = [...new Set(ids)];
  const missing = all.find((id) => !isThere(id));
  if (missing !== undefined) throw unknown(what, missing);
  let sum: ErasureReport = { seq: null, contents: 0, files: 0, swept: true };
  for (const [done, id] of all.entries()) {
    // Whoever talks meanwhile, or says stop, has the turn.
    await setImmediate();
    if (signal.aborted) throw stoppedAfter(done, all.length, what);
    await before?.(id);
    const { seq, contents, files, swept } = erase(id);
    sum = { seq: seq ?? sum.seq, contents: sum.contents + contents, files: sum.files + files, swept };
    progress(done + 1, all.length);
  }
  return sum;
}

/** As people call them. */
const NAMES: Record<Erasing['what'], string> = { session: 'conversation', turn: 'turn' };

function unknown(what: Erasing['what'], id: string): Fault {
  const list = what === 'session' ? 'squelch sessions' : 'squelch sessions show ID';
  return new Fault(`${what}-unknown`, `There is no ${NAMES[what]} ${id}.`, {
    hint: `\`${list}\` lists them. Nothing was erased.`,
    stage: 'log',
  });
}

function stoppedAfter(done: number, of: number, what: Erasing['what']): Fault {
  return new Fault(
    'erasure-stopped',
    `Stopped after ${done} of ${of} ${NAMES[what]}s; those are erased, the others whole.`,
    {
      hint: 'Start it again with those that are left.',
      stage: 'log',
    },
  );
}
