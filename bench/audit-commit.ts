/**
 * What keeping a turn costs the thread that runs the conversation: how long key down waits for the disk, and the longest
 * that the thread stands still when a turn ends; beside a bare SQLite transaction, equally durable, of the bytes that the
 * log wrote for that turn, in turns with it.
 * Run: node bench/audit-commit.ts [turns]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openAuditLog } from '../src-main/audit/audit-log.ts';
import { openDatabaseForReading } from '../src-main/audit/store/database.ts';
import { lockHome } from '../src-main/audit/store/home-lock.ts';
import type { SessionEvent } from '../src-main/conversation/events.ts';
import { EventScript } from '../tests/support/turns.ts';
import { quantile } from './quantile.ts';

/** Long enough for the sound of a turn to be synced. */
const WATCH_MS = 60;

const turns = Number(process.argv[2] ?? 300);
const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
try {
  const started: number[] = [];
  const between: number[] = [];
  const ended: number[] = [];
  const bare: number[] = [];
  const lock = lockHome(home);
  const log = openAuditLog(lock, {
    appVersion: 'bench',
    onFault: (fault) => {
      throw fault;
    },
  });
  let lastMs = 0;
  const script = new EventScript((event: SessionEvent) => {
    const start = performance.now();
    log.record(event);
    lastMs = performance.now() - start;
    if (event.type === 'turn_started') started.push(lastMs);
    else if (event.type !== 'turn_ended') between.push(lastMs);
  });
  const keepTurn = async (turn: number) => {
    script.wholeTurn(`turn-${turn}`, { user: 'What time is it?', reply: 'It is nine o’clock.' });
    return Math.max(lastMs, await longestStall());
  };

  // Warmed up, and one turn whose bytes are known.
  for (let turn = 0; turn < 20; turn++) await keepTurn(turn);
  for (const measured of [started, between]) measured.length = 0;
  const commitBare = bareCommits(join(home, 'bare.db'), bytesOfTurn('turn-19'));
  for (let turn = 20; turn < turns + 20; turn++) {
    ended.push(await keepTurn(turn));
    bare.push(commitBare());
  }
  log.close();
  lock.release();

  report('key down', started);
  report('between (each event)', between);
  report('turn’s end, longest stall', ended);
  report('bare SQLite, same bytes', bare);
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** How long this thread stood still at most, in milliseconds, while the log does in the background what it has to do. */
async function longestStall(): Promise<number> {
  const start = performance.now();
  let longest = 0;
  for (let last = start; last - start < WATCH_MS; ) {
    await setImmediate();
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return longest;
}

function bytesOfTurn(id: string): Buffer[] {
  const reader = openDatabaseForReading(home);
  const written = reader
    ?.prepare<{ id: string }, Buffer>(
      `SELECT e.manifest FROM entry e WHERE e.turn_id = @id
        UNION ALL SELECT c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
          WHERE e.turn_id = @id AND c.bytes IS NOT NULL`,
    )
    .pluck()
    .all({ id });
  reader?.close();
  return written ?? [];
}

/** @returns one transaction of all of these into one table, and how long it took */
function bareCommits(path: string, blobs: readonly Buffer[]): () => number {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE blob (bytes BLOB NOT NULL) STRICT');
  const insert = database.prepare('INSERT INTO blob (bytes) VALUES (?)');
  const commit = database.transaction(() => {
    for (const blob of blobs) insert.run(blob);
  });
  return () => {
    const start = performance.now();
    commit.immediate();
    return performance.now() - start;
  };
}

function report(name: string, elapsedMs: readonly number[]): void {
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(elapsedMs, share).toFixed(2));
  console.log(`${name.padEnd(26)} p50 ${p50} ms   p99 ${p99} ms   (${elapsedMs.length})`);
}
