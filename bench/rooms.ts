/**
 * What a room costs, beside `@livekit/agents`. From the end of a turn (the RPC `end_turn`, or the key's release in the
 * window) to the first sound at the listener, with one provider that takes its fixed time: over the local transport, our
 * agent over a LiveKit server, and the peer's over the same. They take turns, so that a busy moment meets them all. Then
 * many sessions at once in one process: what each takes of memory and CPU, and how late the event loop is. Agents,
 * provider, server and people are processes of their own. Needs a LiveKit server: see docs/rooms.md.
 *
 *   npm run bench:rooms -- [--turns 12] [--sessions 20]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { concatSamples } from '../src-main/audio/frame.ts';
import { endNativeThreads } from '../src-main/transport/native-threads.ts';
import { AGENT_ATTRIBUTE, RPC } from '../src-preload/room-protocol.ts';
import { gather } from '../tests/support/crowd.ts';
import { LIVEKIT_SERVER, LiveKitServer } from '../tests/support/livekit-server.ts';
import { RoomPerson } from '../tests/support/room-person.ts';
import { quiet, speech } from '../tests/support/speech.ts';
import { type DrivenProcess, drive } from './driven-process.ts';
import { installPeer } from './peer-livekit/packages.ts';
import { quantile } from './quantile.ts';
import { startServerProcess } from './server-process.ts';

const LATENCIES = { stt: 200, llm: 100, tts: 80 };
const FLOOR_MS = LATENCIES.stt + LATENCIES.llm + LATENCIES.tts;
/** Whoever is not answered by then is not answered. */
const PATIENCE_MS = 10_000;
const AGENT = 'agent';
const SCRIPTS = {
  squelch: fileURLToPath(new URL('rooms-squelch.ts', import.meta.url)),
  peer: fileURLToPath(new URL('peer-livekit/room-agent.mjs', import.meta.url)),
};
type Contender = keyof typeof SCRIPTS;

const { values } = parseArgs({
  options: { turns: { type: 'string', default: '12' }, sessions: { type: 'string', default: '20' } },
});
const turns = Number(values.turns);
const sessions = Number(values.sessions);
const question = concatSamples([await speech('What can you do for me today?'), quiet(200)]);

if (!LIVEKIT_SERVER) {
  console.log('No LiveKit server was found; docs/rooms.md says how to get one.');
  process.exit();
}
installPeer();
const livekit = await LiveKitServer.launch();
const provider = await startServerProcess(LATENCIES);
try {
  await compareLatency();
  await compareSessions();
} finally {
  provider.stop();
  await livekit.kill();
  await endNativeThreads();
}

async function start(contender: Contender, rooms: readonly string[]): Promise<DrivenProcess> {
  const tokens = await Promise.all(rooms.map((room) => livekit.token({ identity: AGENT, room, agent: true })));
  return drive(SCRIPTS[contender], { url: livekit.url, baseUrl: provider.baseUrl, tokens });
}

async function compareLatency(): Promise<void> {
  const agents = { squelch: await start('squelch', ['squelch']), peer: await start('peer', ['peer']) };
  const people = {
    squelch: await RoomPerson.enter(livekit, { identity: 'anna', room: 'squelch' }),
    peer: await RoomPerson.enter(livekit, { identity: 'anna', room: 'peer' }),
  };
  const local = async () => (await agents.squelch.ask('local')) as number;
  const contenders = [
    { name: 'Squelch, local transport', take: local },
    { name: 'Squelch over LiveKit', take: () => takeTurn(people.squelch) },
    { name: '@livekit/agents over LiveKit', take: () => takeTurn(people.peer) },
  ].map((contender) => ({ ...contender, times: [] as number[] }));
  // The first turn of each loads what later ones find loaded.
  for (let turn = -1; turn < turns; turn++) {
    for (let index = 0; index < contenders.length; index++) {
      const contender = contenders[(index + turn + 1) % contenders.length];
      const time = await contender?.take();
      if (turn >= 0 && time !== undefined) contender?.times.push(time);
    }
  }
  console.log(`Release → first sound, ${turns} turns each in turn; the provider takes ${FLOOR_MS} ms of it`);
  const [base] = contenders.map(({ times }) => median(times));
  for (const { name, times } of contenders) {
    const heard = times.filter(Number.isFinite);
    const p50 = median(heard);
    const cells = [
      `p50 ${p50.toFixed(0).padStart(5)} ms`,
      `p95 ${quantile(heard, 0.95).toFixed(0).padStart(5)} ms`,
      `added ${(p50 - FLOOR_MS).toFixed(0).padStart(5)} ms`,
      `${(p50 / (base ?? 1)).toFixed(2)} × local`,
      `${times.length - heard.length} lost`,
    ];
    console.log(`  ${name.padEnd(30)} ${cells.join('   ')}`);
  }
  for (const person of Object.values(people)) await person.leave();
  for (const agent of Object.values(agents)) await agent.stop();
}

/** @returns milliseconds; infinite when no answer came */
async function takeTurn(person: RoomPerson): Promise<number> {
  const state = () => person.room.remoteParticipants.get(AGENT)?.attributes[AGENT_ATTRIBUTE.state];
  await person.call(RPC.startTurn);
  await person.speak(question);
  const heard = person.nextSound(AGENT);
  const releasedAt = performance.now();
  await person.call(RPC.endTurn);
  const heardAt = await Promise.race([heard, sleep(PATIENCE_MS, Number.POSITIVE_INFINITY)]);
  if (heardAt !== Number.POSITIVE_INFINITY) await person.until(() => state() === 'listening');
  // The last of the answer is still on its way here.
  await sleep(500);
  return heardAt - releasedAt;
}

/** Everybody speaks at once, in rooms of their own, twice: the first time loads what the second finds loaded. */
async function compareSessions(): Promise<void> {
  console.log(`${sessions} sessions at once in one process, the people in another`);
  for (const contender of ['squelch', 'peer'] as const) {
    const one = await start(contender, [`${contender}-alone`]);
    const alone = await one.measure();
    await one.stop();
    const rooms = Array.from({ length: sessions }, (_, index) => `${contender}-${index}`);
    const agent = await start(contender, rooms);
    const idle = await agent.measure();
    const tokens = await Promise.all(rooms.map((room) => livekit.token({ identity: 'anna', room })));
    const crowd = await gather(livekit.url, tokens);
    const warm = await crowd.speak();
    await agent.measure();
    const answered = await crowd.speak();
    const busy = await agent.measure();
    await crowd.stop();
    await agent.stop();
    const cells = [
      `${warm} and ${answered} answered`,
      `${((idle.residentMiB - alone.residentMiB) / (sessions - 1)).toFixed(1)} MiB each idle`,
      `${((busy.residentMiB - alone.residentMiB) / (sessions - 1)).toFixed(1)} after two turns`,
      `${(busy.cpuMs / sessions).toFixed(0)} ms CPU a turn`,
      `loop late p50 ${busy.lateMs.p50.toFixed(0)}, p99 ${busy.lateMs.p99.toFixed(0)} ms`,
    ];
    console.log(`  ${contender === 'squelch' ? 'Squelch' : '@livekit/agents'}: ${cells.join(', ')}`);
  }
}

function median(times: readonly number[]): number {
  return quantile(times, 0.5);
}
