import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { unzipSync } from 'fflate';
import { expect, it, onTestFinished } from 'vitest';
import { createEntryWriter, jsonContent } from '../../../src-main/audit/chain/entries.ts';
import { databasePath, openDatabase } from '../../../src-main/audit/store/database.ts';
import { chain } from '../../../src-main/audit/store/migrations/001-chain.ts';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';

const KEEP_TURNS = join(import.meta.dirname, '../../support/keep-turns.ts');
/** SQUELCH_KILLS=1000 for the long way. SIGKILL says nothing of power cuts: those only the disk can tell. */
const KILLS = Number(process.env.SQUELCH_KILLS ?? (process.env.CI ? 200 : 24));
const KILLS_PER_HOME = 6;
/** Homes looked after at the same time. */
const LANES = 2;
/** About as long as the migrations of the old log take. */
const MIGRATION_MS = 150;

/** Kills it somewhere after so many lines. @returns what it said */
async function runUntilKilled(home: string, round: number, lines: number, withinMs = 12): Promise<string[]> {
  const child = spawn(process.execPath, [KEEP_TURNS, home, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) killSoon(child, withinMs);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return said;
}

/** Not in step with what it is doing. */
function killSoon(child: ChildProcess, withinMs: number): void {
  void delay(Math.random() * withinMs).then(() => child.kill('SIGKILL'));
}

function named(said: readonly string[], word: string): string[] {
  return said.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
}

/** @param said by all processes that the home has seen */
async function expectKept(home: string, said: readonly string[]): Promise<void> {
  const { log, faults, close } = openLog(home);
  await log.recover();
  expect(faults).toEqual([]);
  expect(log.salvaged).toBeNull();
  const sessionOf = (turnId: string) => turnId.slice(0, turnId.lastIndexOf('-'));
  const [deleting, deleted] = [named(said, 'deleting'), named(said, 'deleted')];
  const [redacting, redacted] = [named(said, 'redacting'), named(said, 'redacted')];
  const bytes = readFileSync(databasePath(home));
  for (const turnId of named(said, 'kept')) {
    const turn = log.queries.getTurn(turnId);
    const sounds = globSync(`audio/*/${turnId}.*.wav`, { cwd: home });
    if (deleted.includes(sessionOf(turnId))) {
      expect([turn, sounds], turnId).toEqual([null, []]);
      continue;
    }
    if (deleting.includes(sessionOf(turnId))) continue;
    expect(turn?.outcome, turnId).toBe('completed');
    if (redacted.includes(turnId)) {
      expect([turn?.user.committed, sounds, bytes.includes(`Words of ${turnId}"`)], turnId).toEqual(['', [], false]);
    } else if (!redacting.includes(turnId)) {
      expect([turn?.user.committed, sounds.length], turnId).toEqual([`Words of ${turnId}`, 2]);
    }
  }
  close();
  expect(await verifyLog(home)).toMatchObject({ ok: true, problems: [] });
}

/** What has its final name is whole, and what was acknowledged is there. */
async function expectExportsAndBackups(home: string, said: readonly string[]): Promise<void> {
  const written = globSync('exports/*.{json,zip,mp3}', { cwd: home }).map((name) => join(home, name));
  expect(written).toEqual(expect.arrayContaining(named(said, 'exported')));
  for (const path of written) {
    const bytes = readFileSync(path);
    if (path.endsWith('.json')) expect(JSON.parse(bytes.toString('utf8')).turns, path).toHaveLength(6);
    else if (path.endsWith('.zip')) expect(Object.keys(unzipSync(bytes)), path).toHaveLength(5);
    else expect(bytes.toString('latin1', 0, 3), path).toBe('ID3');
  }
  const backups = globSync('backups/squelch-*', { cwd: home }).filter((name) => !name.includes('.partial-'));
  expect(backups.map((name) => join(home, name))).toEqual(expect.arrayContaining(named(said, 'backed-up').slice(-7)));
  for (const name of backups.slice(-1)) {
    expect(await verifyLog(join(home, name)), name).toMatchObject({ ok: true, problems: [] });
  }
}

/** @returns how much was acknowledged */
async function killOver(home: string, rounds: readonly number[]): Promise<number> {
  const said: string[] = [];
  for (const round of rounds) {
    said.push(...(await runUntilKilled(home, round, 1 + ((round * 7) % 40))));
    await expectKept(home, said);
  }
  await expectExportsAndBackups(home, said);
  return said.length;
}

it(
  `loses nothing that was acknowledged to ${KILLS} kills`,
  async () => {
    const all = Array.from({ length: KILLS }, (_, round) => round);
    const homes = Map.groupBy(all, (round) => Math.floor(round / KILLS_PER_HOME));
    let acknowledged = 0;
    const lane = async () => {
      for (const [key, rounds] of homes) {
        homes.delete(key);
        acknowledged += await killOver(temporaryHome(), rounds);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    expect(homes.size).toBe(0);
    expect(acknowledged).toBeGreaterThan(KILLS * 5);
  },
  60_000 + KILLS * 6_000,
);

/** A log as the first schema had it. */
function oldHome(entries: number): string {
  const home = temporaryHome();
  mkdirSync(dirname(databasePath(home)), { recursive: true });
  const database = new Database(databasePath(home));
  database.pragma('journal_mode = WAL');
  database.exec(chain.sql);
  database.pragma(`application_id = ${0x53716368}`);
  database.pragma('user_version = 1');
  // Gone with the connection: today's writer wants tables that the old schema has not got.
  database.exec(`CREATE TEMP TABLE part (id INTEGER PRIMARY KEY, sha256 BLOB UNIQUE, bytes BLOB);
    CREATE TEMP TABLE content_part (content_id, part_id, PRIMARY KEY (content_id, part_id))`);
  const writer = createEntryWriter(database);
  database.transaction(() => {
    const versions = { squelch: '0.1.0', node: '24', sqlite: '3.52.0' };
    const session = jsonContent('session', { agentId: 'assistant', versions, platform: 'linux-x64' });
    const key = { sessionId: 'old', turnId: null };
    writer.append({ ...key, at: 1, kind: 'session_started', contents: [session] });
    database.prepare("INSERT INTO session (id, started_at, agent_id) VALUES ('old', 1, 'assistant')").run();
    for (let entry = 0; entry < entries; entry++) {
      const turnId = `old-${entry}`;
      const turn = jsonContent('turn', { source: 'text', retryOf: null });
      const message = jsonContent('message', { messageId: 'm', text: `Old words number ${entry} of many` });
      writer.append({ sessionId: 'old', turnId, at: 2, kind: 'turn_started', contents: [turn] });
      writer.append({ sessionId: 'old', turnId, at: 3, kind: 'user_speech', contents: [message] });
      const outcome = jsonContent('outcome', { outcome: 'completed', error: null, timings: null, phases: [] });
      writer.append({ sessionId: 'old', turnId, at: 4, kind: 'turn_ended', contents: [outcome] });
      database.prepare("INSERT INTO turn VALUES (?, 'old', 2, 'text', NULL, 4, 'completed')").run(turnId);
    }
  })();
  database.close();
  return home;
}

it(
  'brings an old log up to date, wherever the migration is killed',
  async () => {
    const old = oldHome(3_000);
    for (let round = 0; round < Math.ceil(KILLS / 4); round++) {
      const home = temporaryHome();
      cpSync(old, home, { recursive: true });
      await runUntilKilled(home, round, 1, MIGRATION_MS);
      openDatabase(home).close();
      const { log, close } = openLog(home);
      await log.recover();
      expect(log.queries.getTurn('old-2999')?.user.committed).toBe('Old words number 2999 of many');
      close();
      expect(await verifyLog(home)).toMatchObject({ ok: true, problems: [] });
      rmSync(home, { recursive: true });
    }
  },
  60_000 + KILLS * 6_000,
);
