/** The list of sessions, as turns go on. */
import type { SessionView, TurnView } from '../../src-preload/contract.ts';

/** As long as the core makes titles. */
const TITLE_LENGTH = 80;

/** @param newest the first page of the list, read anew: what it reaches replaces what was known of it */
export function withNewest(known: readonly SessionView[], newest: readonly SessionView[]): readonly SessionView[] {
  const oldest = newest.at(-1)?.startedAt ?? 0;
  const titles = new Map(known.map(({ id, title }) => [id, title]));
  const ids = new Set(newest.map(({ id }) => id));
  return [
    // What was just said may have been shown before it was on disk.
    ...newest.map((session) => ({ ...session, title: session.title || (titles.get(session.id) ?? '') })),
    ...known.filter(({ id, startedAt }) => startedAt <= oldest && !ids.has(id)),
  ];
}

/** The first words of a session are its title. */
export function withTitle(known: readonly SessionView[], { sessionId, user }: TurnView): readonly SessionView[] {
  const index = known.findIndex(({ id }) => id === sessionId);
  const session = known[index];
  if (session?.title !== '' || user.committed === '') return known;
  return known.with(index, { ...session, title: [...user.committed.trim()].slice(0, TITLE_LENGTH).join('') });
}
