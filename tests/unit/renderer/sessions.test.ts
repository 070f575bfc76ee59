import { expect, test } from 'vitest';
import type { SessionView, TurnView } from '../../../src-preload/contract.ts';
import { withNewest, withTitle } from '../../../src-renderer/history/sessions.ts';

function session(id: string, startedAt: number, title = id): SessionView {
  return { id, startedAt, agentId: 'assistant', turnCount: 1, title };
}

function turn(sessionId: string, committed: string): TurnView {
  return { id: 't', sessionId, user: { committed } } as TurnView;
}

test('what the newest page reaches replaces what was known of it; older ones stay', () => {
  const known = [session('d', 40), session('c', 30), session('b', 20), session('a', 10)];
  const newest = [session('e', 50), { ...session('d', 40), turnCount: 2 }, session('b', 20)];
  expect(withNewest(known, newest)).toEqual([...newest, session('a', 10)]);
});

test('sessions that began at the same moment are neither lost nor doubled', () => {
  const known = [session('b', 20), session('a', 20)];
  expect(withNewest(known, [session('c', 30), session('b', 20)]).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
});

test('a title that was seen before it was on disk stays', () => {
  expect(withNewest([session('a', 10, 'Hello')], [session('a', 10, '')])[0]?.title).toBe('Hello');
});

test('the first words of a session become its title, and later ones do not', () => {
  const named = withTitle([session('a', 10, '')], turn('a', ` ${'é'.repeat(100)}`));
  expect(named[0]?.title).toBe('é'.repeat(80));
  expect(withTitle(named, turn('a', 'More'))).toBe(named);
  expect(withTitle(named, turn('other', 'More'))).toBe(named);
});
