/**
 * What every format of export sees: sessions, whole or some turns of them, on one line of time. Sessions are read when
 * their turn comes, so that ten thousand of them take little more memory than one.
 */
import type { ExportSelection, LoggedFaultView, TurnView } from '../../../src-preload/contract.ts';
import { placeFaults } from '../../../src-preload/place-faults.ts';
import { type Anchor, makeAnchor } from '../chain/anchors.ts';
import { createQueries, type OpenedSession } from '../reading/queries.ts';
import type { LogDatabase } from '../store/database.ts';
import { type SelectedSession, selectedSessions } from './selection.ts';
import { joined, type Timeline, type TimelineTurn, timelineOf } from './timeline.ts';

/** What went wrong and ended no turn, on the timeline. */
export interface PlacedFault extends LoggedFaultView {
  readonly placeMs: number;
}

export interface ExportedTurn {
  readonly view: TurnView;
  readonly place: TimelineTurn;
  /** Of this turn, or of the pause beside it, as they went. */
  readonly faults: readonly PlacedFault[];
}

export interface ExportedSession
  extends Pick<OpenedSession, 'session' | 'runs' | 'faults' | 'serverRecordings' | 'detailOf'> {
  /** Whether only some of its turns are exported. */
  readonly partial: boolean;
  /** In the order in which they began. */
  readonly turns: readonly ExportedTurn[];
  /** Of a session in which nobody said anything. */
  readonly faultsWithoutTurn: readonly PlacedFault[];
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
    const opened = open(session);
    const timeline = joined(consecutive(opened.turns, session.turnIds).map(timelineOf), PAUSE_MS);
    const { startedAt } = timeline.turns.length > 0 ? timeline : opened.session;
    return { session, timeline: { ...timeline, startedAt } };
  });
  const timeline = joined(
    parts.map((part) => part.timeline),
    PAUSE_MS,
  );

  function* sessions(): Generator<ExportedSession, void> {
    let place = 0;
    let startMs = 0;
    for (const part of parts) {
      const { session, runs, serverRecordings, turns, detailOf, ...opened } = open(part.session);
      const { turnIds } = part.session;
      const faults = opened.faults.filter(({ turnId }) => !turnIds || (turnId !== null && turnIds.has(turnId)));
      const views = new Map(turns.map(({ view }) => [view.id, view]));
      const count = part.timeline.turns.length;
      const { durationMs } = part.timeline;
      const placed = timeline.turns.slice(place, place + count).map((at) => ({
        view: views.get(at.turnId) as TurnView,
        place: at,
      }));
      const troubles = placeFaults(
        faults,
        placed.map(({ view }) => view),
      );
      yield {
        session,
        runs,
        faults,
        serverRecordings,
        detailOf,
        partial: count < turns.length,
        turns: placed.map((turn) => ({
          ...turn,
          faults: (troubles.get(turn.view.id) ?? []).map((fault) => ({ ...fault, placeMs: placeOf(fault, turn) })),
        })),
        faultsWithoutTurn: (troubles.get(undefined) ?? []).map((fault) => ({ ...fault, placeMs: startMs })),
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

/** As far from the turn's beginning as it was, but within the turn: what the timeline leaves out has no time on it. */
function placeOf({ at }: LoggedFaultView, { view, place }: Pick<ExportedTurn, 'view' | 'place'>): number {
  return Math.min(place.endMs, place.startMs + Math.max(0, at - view.startedAt));
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
  if (sessionCount > 1) return `${sessionCount} conversations`;
  const [only] = sessions();
  return only?.session.title || 'Session';
}
