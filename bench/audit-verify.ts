/**
 * What verifying a log costs, beside reading and hashing the same bytes and nothing else; and how long the thread that
 * carries the voice stands still meanwhile, with verification in a thread of its own.
 * Run: node bench/audit-verify.ts [turns] [seconds of the user's sound] [seconds of the agent's]
 */
import { createHmac } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openAuditLog } from '../src-main/audit/audit-log.ts';
import { databasePath, openDatabaseForReading } from '../src-main/audit/database.ts';
import { lockHome } from '../src-main/audit/home-lock.ts';
import { verifyLog } from '../src-main/audit/verification.ts';
import { verifyChain } from '../src-main/audit/verify.ts';
import { EventScript, noise } from '../tests/support/turns.ts';

const RUNS = 5;
const SECOND = noise(24_000, 1);
/** By default turns as people have them. */
const [turns = 300, spokenSeconds = 4, answeredSeconds = 8] = process.argv.slice(2).map(Number);
const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
try {
  const lock = lockHome(home);
  const log = openAuditLog(lock, {
    appVersion: 'bench',
    onFault: (fault) => {
      throw fault;
    },
  });
  const script = new EventScript(log.record);
  for (let turn = 0; turn < turns; turn++) {
    const turnId = `turn-${turn}`;
    script.begin(turnId);
    for (let second = 0; second < spokenSeconds; second++)
      script.emit({ type: 'audio_captured', turnId, samples: SECOND });
    script.emit({ type: 'user_speech_committed', turnId, messageId: `${turnId}-user`, text: 'What time is it?' });
    for (let second = 0; second < answeredSeconds; second++) {
      script.emit({ type: 'agent_audio_generated', turnId, samples: SECOND, text: null });
    }
    const message = { messageId: `${turnId}-agent`, text: 'It is nine.', heardText: 'It is nine.', interrupted: false };
    script.emit({ type: 'agent_speech_committed', turnId, ...message });
    script.end(turnId, 'completed');
    log.queries.getTurn(turnId);
  }
  log.close();
  lock.release();

  const database = openDatabaseForReading(home);
  if (!database) throw new Error('no log');
  const floor: number[] = [];
  const verify: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    floor.push(timed(readAndHash));
    verify.push(timed(() => verifyChain(home, database)));
  }
  database.close();

  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const verification = await verifyLog(home);
  delay.disable();
  if (!verification?.ok) throw new Error('the log does not verify');

  const [floorMs, verifyMs] = [Math.min(...floor), Math.min(...verify)];
  console.log(`${turns} turns, ${verification.entries} entries, processor time, best of ${RUNS}`);
  console.log(`read and hash       ${floorMs.toFixed(0)} ms`);
  console.log(`verify              ${verifyMs.toFixed(0)} ms   (${(verifyMs / floorMs).toFixed(2)} ×)`);
  console.log(`longest stall of the main thread meanwhile ${(delay.max / 1e6).toFixed(1)} ms`);
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Every byte of database and sound, once. */
function readAndHash(): void {
  const files = globSync('audio/*/*.wav', { cwd: home }).map((file) => join(home, file));
  for (const file of [databasePath(home), ...files]) createHmac('sha256', 'bench').update(readFileSync(file)).digest();
}

/** Milliseconds of processor time: other programs don't count. */
function timed(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
