/** The recordings of the log that the Lab can open: what the user said in turns. */
import type { AuditLog } from '../../audit/audit-log.ts';
import { Fault } from '../../fault.ts';
import type { LoggedRecording } from './lab.ts';

const NAME_LENGTH = 60;

/** @throws Fault `turn-unknown`, `session-unknown`, `recordings-none` */
export function loggedRecordings(
  { queries }: Pick<AuditLog, 'queries'>,
  from: { readonly turnIds: readonly string[] } | { readonly sessionId: string },
): LoggedRecording[] {
  const turns = 'turnIds' in from ? from.turnIds.map((id) => findTurn(queries, id)) : turnsOf(queries, from.sessionId);
  const recordings = turns.flatMap(({ id, startedAt, user }) => {
    const path = queries.recordingFile(id, 'user');
    const words = [...user.committed.trim()].slice(0, NAME_LENGTH).join('');
    return path ? [{ turnId: id, path, name: words || new Date(startedAt).toISOString() }] : [];
  });
  if (recordings.length > 0) return recordings;
  throw new Fault('recordings-none', 'Nothing that was said there is kept as sound', {
    hint: 'Choose a turn that was spoken, and whose sound was not erased.',
  });
}

function findTurn(queries: AuditLog['queries'], id: string) {
  const turn = queries.getTurn(id);
  if (turn) return turn;
  throw new Fault('turn-unknown', `There is no turn ${id}`, { hint: 'Choose one from the list.' });
}

function turnsOf(queries: AuditLog['queries'], sessionId: string) {
  const found = queries.getSession(sessionId);
  if (found) return found.turns;
  throw new Fault('session-unknown', `There is no conversation ${sessionId}`, { hint: 'Choose one from the list.' });
}
