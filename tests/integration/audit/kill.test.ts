import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { databasePath, openDatabase } from '../../../src-main/audit/database.ts';
import { createEntryWriter, jsonContent } from '../../../src-main/audit/entries.ts';
import { chain } from '../../../src-main/audit/migrations/001-chain.ts';
import { verifyLog } from '../../../src-main/audit/verification.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';

const KEEP_TURNS = join(import.meta.dirname, '../../support/keep-turns.ts');
/** SQUELCH_KILLS=1000 for the long way. SIGKILL says nothing of power cuts: those only the disk can tell. */
const KILLS = Number(process.env.SQUELCH_KILLS ?? 24);
const KILLS_PER_HOME = 6;

/** Kills it somewhere after so many lines. @returns what it said */
async function runUntilKilled(home: string, round: number, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [KEEP_TURNS, home, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) killSoon(child);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return said;
}

/** Not in step with what it is doing. */
function killSoon(child: ChildProcess): void {
  void delay(Math.random() * 12).then(() => child.kill('SIGKILL'));
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

it(
  `loses nothing that was acknowledged to ${KILLS} kills`,
  async () => {
    let home = '';
    let said: string[] = [];
    let acknowledged = 0;
    for (let round = 0; round < KILLS; round++) {
      if (round % KILLS_PER_HOME === 0) {
        home = temporaryHome();
        said = [];
      }
      const now = await runUntilKilled(home, round, 1 + ((round * 7) % 24));
      acknowledged += now.length;
      said.push(...now);
      await expectKept(home, said);
    }
    expect(acknowledged).toBeGreaterThan(KILLS * 5);
  },
  30_000 + KILLS * 3_000,
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
    const home = oldHome(3_000);
    for (let round = 0; round < Math.ceil(KILLS / 4); round++) {
      await runUntilKilled(home, round, 1 + (round % 2));
    }
    openDatabase(home).close();
    const { log } = openLog(home);
    await log.recover();
    expect(log.queries.getTurn('old-2999')?.user.committed).toBe('Old words number 2999 of many');
    expect(await verifyLog(home)).toMatchObject({ ok: true, problems: [] });
  },
  60_000 + KILLS * 1_000,
);
