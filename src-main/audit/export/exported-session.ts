/** A session as every format of export sees it. */
import type { TurnView } from '../../../src-preload/contract.ts';
import { type Anchor, makeAnchor } from '../anchors.ts';
import type { LogDatabase } from '../database.ts';
import { createQueries, type OpenedSession } from '../queries.ts';
import { type Timeline, type TimelineTurn, timelineOf } from './timeline.ts';

export interface ExportedTurn {
  readonly view: TurnView;
  readonly place: TimelineTurn;
}

export interface ExportedSession extends Pick<OpenedSession, 'session' | 'runs' | 'detailOf'> {
  readonly home: string;
  readonly timeline: Timeline;
  /** In the order in which they began. */
  readonly turns: readonly ExportedTurn[];
  /** How far the log reached when it was exported. */
  readonly anchor: Anchor | null;
  /** Milliseconds since the epoch. */
  readonly exportedAt: number;
  /** Version of Squelch. */
  readonly exportedBy: string;
}

/** @returns null when there is no such session */
export function openExportedSession(
  home: string,
  database: LogDatabase,
  sessionId: string,
  exportedBy: string,
): ExportedSession | null {
  const opened = createQueries(home, database).openSession(sessionId);
  if (!opened) return null;
  const { session, runs, turns, detailOf } = opened;
  const timeline = timelineOf(turns);
  return {
    home,
    session,
    runs,
    detailOf,
    timeline,
    turns: turns.map(({ view }, index) => ({ view, place: timeline.turns[index] as TimelineTurn })),
    anchor: makeAnchor(database),
    exportedAt: Date.now(),
    exportedBy,
  };
}
