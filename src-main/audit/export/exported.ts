/**
 * What every format of export sees: sessions, whole or some turns of them, on one line of time. Sessions are read when
 * their turn comes, so that ten thousand of them take little more memory than one.
 */
import type { ExportSelection, TurnView } from '../../../src-preload/contract.ts';
import { type Anchor, makeAnchor } from '../chain/anchors.ts';
import { createQueries, type OpenedSession } from '../reading/queries.ts';
import type { LogDatabase } from '../store/database.ts';
import { type SelectedSession, selectedSessions } from './selection.ts';
import { joined, type Timeline, type TimelineTurn, timelineOf } from './timeline.ts';

export interface ExportedTurn {
  readonly view: TurnView;
  readonly place: TimelineTurn;
}

export interface ExportedSession
  extends Pick<OpenedSession, 'session' | 'runs' | 'faults' | 'serverRecordings' | 'detailOf'> {
  /** Whether only some of its turns are exported. */
  readonly partial: boolean;
  /** In the order in which they began. */
  readonly turns: readonly ExportedTurn[];
  /** From the start of the timeline. */
  readonly startMs: number;
  readonly durationMs: number;
}

export interface Exported {
  readonly home: string;
  /** In the order in which they began; each is read anew. */
  sessions(): Iterable<ExportedSession>;
  readonly sessionCount: number;
  readonly turnCount: number;
  readonly timeline: Timeline;
  /** How far the log reached when it was exported. */
  readonly anchor: Anchor | null;
  /** Milliseconds since the epoch. */
  readonly exportedAt: number;
  /** Version of Squelch. */
  readonly exportedBy: string;
}

/** Between what did not follow in reality: sessions, and turns that were chosen apart. */
const PAUSE_MS = 1_000;

/**
 * @param database in one transaction, so that it stays the same
 * @throws Fault `session-unknown`, `turn-unknown`, `export-empty`, `selection-too-large`, and as Search.find
 */
export function openExported(
  home: string,
  database: LogDatabase,
  selection: ExportSelection,
  exportedBy: string,
): Exported {
  const queries = createQueries(home, database);
  const selected = selectedSessions(database, queries, selection);
  let latest: { readonly id: string; readonly opened: OpenedSession } | null = null;

  function open({ id }: SelectedSession): OpenedSession {
    if (latest?.id === id) return latest.opened;
    const opened = queries.openSession(id);
    if (!opened) throw new Error(`the session ${id} was selected and is not there`);
    latest = { id, opened };
    return opened;
  }

  const parts = selected.map((session) => {
    const runs = consecutive(open(session).turns, session.turnIds);
    return { session, timeline: joined(runs.map(timelineOf), PAUSE_MS) };
  });
  const timeline = joined(
    parts.map((part) => part.timeline),
    PAUSE_MS,
  );

  function* sessions(): Generator<ExportedSession, void> {
    let place = 0;
    let startMs = 0;
    for (const part of parts) {
      const { session, runs, faults, serverRecordings, turns, detailOf } = open(part.session);
      const views = new Map(turns.map(({ view }) => [view.id, view]));
      const count = part.timeline.turns.length;
      const { durationMs } = part.timeline;
      yield {
        session,
        runs,
        faults: part.session.turnIds
          ? faults.filter(({ turnId }) => turnId !== null && part.session.turnIds?.has(turnId))
          : faults,
        serverRecordings,
        detailOf,
        partial: count < turns.length,
        turns: timeline.turns
          .slice(place, place + count)
          .map((placed) => ({ view: views.get(placed.turnId) as TurnView, place: placed })),
        startMs,
        durationMs,
      };
      place += count;
      startMs += durationMs + PAUSE_MS;
    }
  }

  return {
    home,
    sessions,
    sessionCount: selected.length,
    turnCount: timeline.turns.length,
    timeline,
    anchor: makeAnchor(database),
    exportedAt: Date.now(),
    exportedBy,
  };
}

/** @param turnIds null for all. @returns those chosen, in runs in which none was left out */
function consecutive<T extends OpenedSession['turns'][number]>(
  turns: readonly T[],
  turnIds: ReadonlySet<string> | null,
): T[][] {
  if (turnIds === null) return [[...turns]];
  const runs: T[][] = [];
  let following = false;
  for (const turn of turns) {
    const chosen = turnIds.has(turn.row.id);
    if (chosen && following) runs.at(-1)?.push(turn);
    else if (chosen) runs.push([turn]);
    following = chosen;
  }
  return runs;
}

/** Who said the user's words of a turn: by name in a room with several people, else whoever sits at this machine. */
export function speakerOf({ speaker }: TurnView): string {
  return speaker ? speaker.name || speaker.identity : 'You';
}

/** The session's own title, or how many there are. */
export function titleOf({ sessions, sessionCount }: Exported): string {
  if (sessionCount > 1) return `${sessionCount} sessions`;
  const [only] = sessions();
  return only?.session.title || 'Session';
}
