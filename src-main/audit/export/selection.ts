/** Which sessions, and which of their turns, an export is of. */
import type { ExportSelection } from '../../../src-preload/contract.ts';
import { MOST_SELECTED } from '../../../src-preload/export-formats.ts';
import { Fault } from '../../fault.ts';
import type { Queries } from '../reading/queries.ts';
import type { LogDatabase } from '../store/database.ts';

export interface SelectedSession {
  readonly id: string;
  /** null for all. */
  readonly turnIds: ReadonlySet<string> | null;
}

/**
 * @returns in the order in which they began
 * @throws Fault `session-unknown`, `turn-unknown`, `export-empty`, `selection-too-large`, and as Search.find
 */
export function selectedSessions(
  database: LogDatabase,
  queries: Queries,
  selection: ExportSelection,
): SelectedSession[] {
  if ('sessionIds' in selection) {
    const started = new Map(unique(selection.sessionIds).map((id) => [id, queries.findSession(id)?.startedAt]));
    for (const [id, at] of started) if (at === undefined) throw unknown('session', id);
    return [...started].sort(([, a], [, b]) => (a ?? 0) - (b ?? 0)).map(([id]) => ({ id, turnIds: null }));
  }
  const turnIds = 'turnIds' in selection ? unique(selection.turnIds) : foundBy(queries, selection.search);
  const sessionOf = database.prepare<[string], { session_id: string; started_at: number }>(
    'SELECT t.session_id, s.started_at FROM turn t JOIN session s ON s.id = t.session_id WHERE t.id = ?',
  );
  const chosen = new Map<string, { startedAt: number; turnIds: Set<string> }>();
  for (const id of turnIds) {
    const row = sessionOf.get(id);
    if (!row) throw unknown('turn', id);
    const session = chosen.get(row.session_id) ?? { startedAt: row.started_at, turnIds: new Set() };
    chosen.set(row.session_id, session);
    session.turnIds.add(id);
  }
  return [...chosen]
    .sort(([, a], [, b]) => a.startedAt - b.startedAt)
    .map(([id, session]) => ({ id, turnIds: session.turnIds }));
}

function foundBy(queries: Queries, search: Extract<ExportSelection, { search: unknown }>['search']): string[] {
  const hits = queries.search({ ...search, limit: Number.POSITIVE_INFINITY });
  if (hits.length > 0) return [...new Set(hits.map(({ turnId }) => turnId))];
  throw new Fault('export-empty', 'The search finds nothing that could be exported', {
    hint: 'Look for other words, or change the filter.',
  });
}

function unique(ids: readonly string[]): string[] {
  if (ids.length > MOST_SELECTED) {
    throw new Fault('selection-too-large', `${ids.length} are selected; an export takes up to ${MOST_SELECTED}`, {
      hint: 'Export what a search finds, of any size, or back up the whole log.',
    });
  }
  return [...new Set(ids)];
}

function unknown(what: 'session' | 'turn', id: string): Fault {
  const hint = what === 'session' ? '`squelch sessions` lists them.' : '`squelch sessions show ID` lists them.';
  return new Fault(`${what}-unknown`, `There is no ${what === 'session' ? 'conversation' : 'turn'} ${id}.`, { hint });
}
