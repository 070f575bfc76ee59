/**
 * What verifying a log costs, beside reading and hashing the same bytes and nothing else; and how long the thread that
 * carries the voice stands still meanwhile, with verification in a thread of its own. For turns as people have them,
 * spoken and with the requests that they made; and for what is worst for it, entries that hold next to nothing.
 * Run: node bench/audit-verify.ts [spoken turns] [typed turns]
 */
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type AuditLog, openAuditLog } from '../src-main/audit/audit-log.ts';
import { databasePath, openDatabaseForReading } from '../src-main/audit/store/database.ts';
import { lockHome } from '../src-main/audit/store/home-lock.ts';
import { verifyLog } from '../src-main/audit/verify/verification.ts';
import { verifyChain } from '../src-main/audit/verify/verify.ts';
import { type ModelStage, withCall } from '../src-main/speech/call.ts';
import { EventScript, noise } from '../tests/support/turns.ts';

const RUNS = 5;
const SECOND = noise(24_000, 1);
const SPOKEN_SECONDS = 4;
const ANSWERED_SECONDS = 8;
/** What the model is told with every turn: instructions, tools and the conversation so far. */
const CONTEXT = 'He asked what is on the radio, and was told of a play, the news and a concert. '.repeat(100);
const ANSWER = `data: ${JSON.stringify({ choices: [{ delta: { content: 'word ' } }] })}\n\n`.repeat(40);
/** Alone in a process, as in the app: no garbage of the measuring is collected meanwhile. */
const STALL_ALONE = '--stall';

const [first, second] = process.argv.slice(2);
if (first === STALL_ALONE && second) await printStall(second);
else {
  await measure('spoken, with requests', Number(first ?? 300), keepSpoken);
  await measure('typed, without', Number(second ?? 2_500), keepTyped);
}

async function measure(what: string, turns: number, keep: typeof keepSpoken): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
  try {
    await fill(home, turns, keep);
    const database = openDatabaseForReading(home);
    if (!database) throw new Error('no log');
    const floor: number[] = [];
    const verify: number[] = [];
    let entries = 0;
    for (let run = 0; run < RUNS; run++) {
      floor.push(timed(() => readAndHash(home)));
      verify.push(
        timed(() => {
          entries = verifyChain(home, database).entries;
        }),
      );
    }
    database.close();
    const stall = execFileSync(process.execPath, [import.meta.filename, STALL_ALONE, home], { encoding: 'utf8' });
    const [floorMs, verifyMs] = [Math.min(...floor), Math.min(...verify)];
    const perTenThousand = (verifyMs / entries) * 10_000;
    console.log(`${turns} turns, ${what}: ${entries} entries, processor time, best of ${RUNS}`);
    console.log(`  read and hash       ${floorMs.toFixed(0)} ms`);
    console.log(`  verify              ${verifyMs.toFixed(0)} ms   (${(verifyMs / floorMs).toFixed(2)} ×)`);
    console.log(`  for 10,000 entries  ${perTenThousand.toFixed(0)} ms`);
    console.log(`  longest stall of the main thread meanwhile ${stall.trim()} ms`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function printStall(home: string): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const verification = await verifyLog(home);
  delay.disable();
  if (!verification?.ok) throw new Error('the log does not verify');
  console.log((delay.max / 1e6).toFixed(1));
}

async function fill(home: string, turns: number, keep: typeof keepSpoken): Promise<void> {
  const lock = lockHome(home);
  let answer: Body = '';
  const log = openAuditLog(lock, {
    appVersion: 'bench',
    baseFetch: async () => new Response(answer),
    onFault: (fault) => {
      throw fault;
    },
  });
  const script = new EventScript(log.record);
  const ask = (turnId: string, stage: ModelStage, body: Body, answered: Body) => {
    answer = answered;
    return withCall({ turnId, stage }, async () => {
      await (await log.recordingFetch('http://127.0.0.1:9/', { method: 'POST', body })).arrayBuffer();
    });
  };
  for (let turn = 0; turn < turns; turn++) {
    await keep(`turn-${turn}`, script, ask);
    finish(log, `turn-${turn}`);
  }
  log.close();
  lock.release();
}

/** Waits for its sound. */
function finish(log: AuditLog, turnId: string): void {
  if (log.queries.getTurn(turnId)?.outcome !== 'completed') throw new Error(`${turnId} was not kept`);
}

type Body = string | Uint8Array<ArrayBuffer>;
type Ask = (turnId: string, stage: ModelStage, body: Body, answered: Body) => Promise<void>;

async function keepSpoken(turnId: string, script: EventScript, ask: Ask): Promise<void> {
  script.begin(turnId);
  for (let second = 0; second < SPOKEN_SECONDS; second++)
    script.emit({ type: 'audio_captured', turnId, samples: SECOND });
  await ask(turnId, 'stt', soundOf(SPOKEN_SECONDS), '{"text":"What time is it?"}');
  script.emit({ type: 'user_speech_committed', turnId, messageId: `${turnId}-user`, text: 'What time is it?' });
  await ask(turnId, 'llm', JSON.stringify({ model: 'm', messages: [CONTEXT, turnId] }), ANSWER);
  await ask(turnId, 'tts', '{"input":"It is nine."}', soundOf(ANSWERED_SECONDS));
  for (let second = 0; second < ANSWERED_SECONDS; second++) {
    script.emit({ type: 'agent_audio_generated', turnId, samples: SECOND, text: null });
  }
  answerAndEnd(turnId, script);
}

async function keepTyped(turnId: string, script: EventScript): Promise<void> {
  script.begin(turnId, { source: 'text' });
  script.emit({ type: 'user_speech_committed', turnId, messageId: `${turnId}-user`, text: 'What time is it?' });
  answerAndEnd(turnId, script);
}

function answerAndEnd(turnId: string, script: EventScript): void {
  const message = { messageId: `${turnId}-agent`, text: 'It is nine.', heardText: 'It is nine.', interrupted: false };
  script.emit({ type: 'agent_speech_committed', turnId, ...message });
  script.end(turnId, 'completed');
}

function soundOf(seconds: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: seconds * SECOND.byteLength }, (_, index) => index * 31);
}

/** Every byte of database and sound, once. */
function readAndHash(home: string): void {
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
