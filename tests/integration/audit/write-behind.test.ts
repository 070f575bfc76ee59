import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createWriteBehind } from '../../../src-main/audit/recording/write-behind.ts';
import { openDatabase } from '../../../src-main/audit/store/database.ts';
import { temporaryHome } from '../../support/audit.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

function open() {
  const database = openDatabase(temporaryHome());
  database.exec('CREATE TABLE kept (name TEXT)');
  const insert = database.prepare('INSERT INTO kept VALUES (?)');
  const writes = createWriteBehind(database, () => {});
  return {
    database,
    writes,
    defer: (name: string) => writes.defer(() => void insert.run(name)),
    kept: () => database.prepare('SELECT name FROM kept').pluck().all(),
  };
}

it('commits what comes within a tenth of a second together', async () => {
  const { defer, kept } = open();
  defer('transcript');
  await vi.advanceTimersByTimeAsync(60);
  defer('request');
  expect(kept()).toEqual([]);
  await vi.advanceTimersByTimeAsync(40);
  expect(kept()).toEqual(['transcript', 'request']);
});

it('commits in the lull after a request, so that no commit meets its answer', async () => {
  const { writes, defer, kept } = open();
  defer('transcript');
  writes.flushInLull();
  // The request itself goes first.
  expect(kept()).toEqual([]);
  await vi.advanceTimersByTimeAsync(10);
  expect(kept()).toEqual(['transcript']);
  await vi.advanceTimersByTimeAsync(500);
  expect(kept()).toEqual(['transcript']);
});

it('has everything on disk when a commit returns', () => {
  const { writes, defer, kept } = open();
  defer('request');
  writes.commit(() => {});
  expect(kept()).toEqual(['request']);
});

it('makes the thread that has sound to send wait for no disk, and leaves the log as durable as it was', async () => {
  const { database, writes, kept, defer } = open();
  const level = () => database.pragma('synchronous', { simple: true });
  let during: unknown;
  writes.defer(() => {
    during = level();
  });
  defer('reply');
  await vi.advanceTimersByTimeAsync(100);
  expect(kept()).toEqual(['reply']);
  expect(during).toBe(1);
  expect(level()).toBe(2);
  writes.commit(() => {
    during = level();
  });
  expect(during).toBe(2);
});
