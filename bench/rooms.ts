/**
 * What a room costs. From the end of a turn (the RPC `end_turn`, or the key's release in the window) to the first sound of
 * the reply at the listener: over the local transport, and over a LiveKit server, in one run with the same provider. Then
 * many sessions at once in one process: memory for each, and how late the event loop is. Needs a LiveKit server: see
 * docs/rooms.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, createApp } from '../src-main/app.ts';
import { concatSamples } from '../src-main/audio/frame.ts';
import { createMemorySecretStore } from '../src-main/settings/secrets.ts';
import { endNativeThreads } from '../src-main/transport/native-threads.ts';
import { RPC } from '../src-preload/room-protocol.ts';
import type { ServedRoomView } from '../src-preload/rooms-contract.ts';
import { LIVEKIT_SERVER, LiveKitServer } from '../tests/support/livekit-server.ts';
import { startProviderServer } from '../tests/support/provider-server.ts';
import { RoomPerson } from '../tests/support/room-person.ts';
import { quiet, speech } from '../tests/support/speech.ts';
import { TestWindow } from '../tests/support/test-window.ts';
import { quantile } from './quantile.ts';

const TURNS = 12;
const SESSIONS = 20;
/** Louder than this is the reply and not the line. */
const AUDIBLE = 200;

const question = concatSamples([await speech('What can you do for me today?'), quiet(400)]);

async function main(): Promise<void> {
  if (!LIVEKIT_SERVER) {
    console.log('No LiveKit server was found; docs/rooms.md says how to get one.');
    return;
  }
  const livekit = await LiveKitServer.launch();
  const provider = await startProviderServer({ transcript: 'What can you do?', reply: 'I can listen.' });
  const home = await mkdtemp(join(tmpdir(), 'squelch-rooms-'));
  const app = await createApp({
    home,
    host: 'cli',
    secrets: createMemorySecretStore(),
    environment: { OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: 'sk-bench', ...livekit.environment },
  });
  try {
    const local = await measureLocal(app);
    const room = await measureRoom(app, livekit);
    console.log(`release → first sound, ${TURNS} turns, ms`);
    console.log(line('local transport', local));
    console.log(line('over LiveKit, at the other client', room));
    console.log(`ratio p50: ${(quantile(room, 0.5) / quantile(local, 0.5)).toFixed(2)}`);
    await measureSessions(app, livekit);
  } finally {
    await app.close();
    await provider.close();
    await livekit.kill();
    await rm(home, { recursive: true, force: true });
    await endNativeThreads();
  }
}

async function measureLocal(app: App): Promise<number[]> {
  const window = new TestWindow(app);
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const takeId = await window.press();
    const turnId = window.conversation?.turnId as string;
    await window.speak(takeId, question, { realTime: true });
    const before = window.played.size;
    const releasedAt = performance.now();
    await window.release(takeId);
    await window.until(() => window.played.size > before || null);
    times.push(performance.now() - releasedAt);
    await window.outcome(turnId);
  }
  window.close();
  return times;
}

async function measureRoom(app: App, livekit: LiveKitServer): Promise<number[]> {
  const window = new TestWindow(app);
  const { identity } = await window.invoke('room.serve', { room: 'bench' });
  const person = await RoomPerson.enter(livekit, { identity: 'anna', room: 'bench' });
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await person.call(RPC.startTurn);
    await person.speak(question);
    const from = person.heard(identity).length;
    const releasedAt = performance.now();
    await person.call(RPC.endTurn);
    await person.until(() =>
      person
        .heard(identity)
        .subarray(from)
        .some((sample) => Math.abs(sample) > AUDIBLE),
    );
    times.push(performance.now() - releasedAt);
    await person.until(() => person.wordsOf(identity).length > turn);
  }
  await person.leave();
  window.close();
  return times;
}

/** Everybody speaks at once, in rooms of their own. The people are in this process, too, and cost about as much. */
async function measureSessions(app: App, livekit: LiveKitServer): Promise<void> {
  const window = new TestWindow(app);
  const memory = () => process.memoryUsage().rss / 1e6;
  const before = memory();
  const rooms: ServedRoomView[] = [];
  for (let index = 0; index < SESSIONS; index++) {
    rooms.push(await window.invoke('room.serve', { room: `many-${index}` }));
  }
  await sleep(1_000);
  const served = memory();
  const people = await Promise.all(rooms.map(({ room }) => RoomPerson.enter(livekit, { identity: 'anna', room })));
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(
    people.map(async (person, index) => {
      await person.say(question);
      await person.until(() => person.wordsOf(rooms[index]?.identity ?? '').length > 0);
    }),
  );
  const elapsedMs = performance.now() - startedAt;
  const used = process.cpuUsage(cpu);
  delay.disable();
  console.log(`${SESSIONS} sessions at once in one process, with their ${SESSIONS} people`);
  console.log(`  memory for each room that is served: ${((served - before) / SESSIONS).toFixed(1)} MB`);
  console.log(`  memory with the people, all speaking: ${memory().toFixed(0)} MB`);
  console.log(
    `  event loop late by p50 ${ms(delay.percentile(50))}, p99 ${ms(delay.percentile(99))}, most ${ms(delay.max)}`,
  );
  console.log(`  CPU while they speak and listen: ${((used.user + used.system) / 1000 / elapsedMs).toFixed(2)} cores`);
  for (const person of people) await person.leave();
  window.close();
}

function ms(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(0)} ms`;
}

function line(name: string, times: readonly number[]): string {
  return `  ${name.padEnd(36)} p50 ${quantile(times, 0.5).toFixed(0).padStart(5)}   p95 ${quantile(times, 0.95).toFixed(0).padStart(5)}`;
}

await main();
