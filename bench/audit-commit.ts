/**
 * What keeping a turn costs the thread that runs the conversation: the commits at key down and at the turn's end,
 * beside a bare SQLite transaction, equally durable, of the bytes that the log wrote for that turn.
 * Run: node bench/audit-commit.ts [turns]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openAuditLog } from '../src-main/audit/audit-log.ts';
import { openDatabaseForReading } from '../src-main/audit/database.ts';
import { lockHome } from '../src-main/audit/home-lock.ts';
import type { SessionEvent } from '../src-main/conversation/events.ts';
import { EventScript } from '../tests/support/turns.ts';
import { quantile } from './quantile.ts';

const turns = Number(process.argv[2] ?? 300);
const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
try {
  const started: number[] = [];
  const ended: number[] = [];
  const between: number[] = [];
  const lock = lockHome(home);
  const log = openAuditLog(lock, {
    appVersion: 'bench',
    onFault: (fault) => {
      throw fault;
    },
  });
  const script = new EventScript((event: SessionEvent) => {
    const start = performance.now();
    log.record(event);
    const elapsed = performance.now() - start;
    if (event.type === 'turn_started') started.push(elapsed);
    else if (event.type === 'turn_ended') ended.push(elapsed);
    else between.push(elapsed);
  });
  for (let turn = 0; turn < turns; turn++) {
    script.wholeTurn(`turn-${turn}`, { user: 'What time is it?', reply: 'It is nine o’clock.' });
    await setImmediate();
  }

  const reader = openDatabaseForReading(home);
  const written = reader
    ?.prepare<{ id: string }, Buffer>(
      `SELECT e.manifest FROM entry e WHERE e.turn_id = @id
        UNION ALL SELECT c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
          WHERE e.turn_id = @id AND c.bytes IS NOT NULL`,
    )
    .pluck()
    .all({ id: `turn-${turns - 1}` });
  reader?.close();
  log.close();
  lock.release();

  const bare = bareCommits(join(home, 'bare.db'), written ?? []);
  report('key down', started);
  report('between (each event)', between);
  report('turn’s end, sound synced', ended);
  report('bare SQLite, same bytes', bare);
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** One transaction for each turn: all of its blobs into one table. */
function bareCommits(path: string, blobs: readonly Buffer[]): number[] {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE blob (bytes BLOB NOT NULL) STRICT');
  const insert = database.prepare('INSERT INTO blob (bytes) VALUES (?)');
  const commit = database.transaction(() => {
    for (const blob of blobs) insert.run(blob);
  });
  const elapsed = Array.from({ length: turns }, () => {
    const start = performance.now();
    commit.immediate();
    return performance.now() - start;
  });
  database.close();
  return elapsed;
}

function report(name: string, elapsedMs: readonly number[]): void {
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(elapsedMs, share).toFixed(2));
  console.log(`${name.padEnd(26)} p50 ${p50} ms   p99 ${p99} ms   (${elapsedMs.length})`);
}
