/**
 * From the release of the key to the first sample of the reply, against a server with fixed latencies, beside a bare
 * client of the SDK that sends the same sound and asks the same, one request after the other. The two take turns, so
 * that whatever else the machine does happens to both.
 *
 *   npm run bench:turn -- [--turns 100]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import OpenAI, { toFile } from 'openai';
import { createApp } from '../src-main/app.ts';
import { concatSamples, PIPELINE_RATE } from '../src-main/audio/frame.ts';
import { encodeWav } from '../src-main/audio/wav.ts';
import { createMemorySecretStore } from '../src-main/settings/secrets.ts';
import { quiet, speech } from '../tests/support/speech.ts';
import { TestWindow } from '../tests/support/test-window.ts';
import { quantile } from './quantile.ts';
import { startServerProcess } from './server-process.ts';

/** What the server takes: the least a turn can last. */
const LATENCIES = { stt: 200, llm: 100, tts: 80 };
const FLOOR_MS = LATENCIES.stt + LATENCIES.llm + LATENCIES.tts;
const WARM_UPS = 3;

interface Contender {
  readonly name: string;
  /** One turn. @returns milliseconds from the release to the first sample */
  turn(): Promise<number>;
  readonly firstAudioMs: number[];
  readonly cpuMs: number[];
  stallMs: number;
}

const { values } = parseArgs({ options: { turns: { type: 'string', default: '100' } } });
const turns = Number(values.turns);
const server = await startServerProcess(LATENCIES);
const words = concatSamples([await speech('What is the weather like?'), quiet(600), await speech('And tomorrow?')]);
/** Let go this long after the last word: at once, and as one does who makes sure. */
const prompt = concatSamples([words, quiet(200)]);
const unhurried = concatSamples([words, quiet(600)]);
const closers: (() => Promise<unknown>)[] = [];

const bare = contender('bare SDK client, sequential', bareTurn);
const whole = await squelch('Squelch, whole take', prompt, { live: false, realTime: false });
const live = await squelch('Squelch, live, let go after 200 ms', prompt, { live: true, realTime: true });
const relaxed = await squelch('Squelch, live, let go after 600 ms', unhurried, { live: true, realTime: true });
const contenders = [bare, whole, live, relaxed];

for (let index = -WARM_UPS; index < turns; index++) {
  for (const one of contenders) await measure(one, index >= 0);
}
for (const close of closers) await close();
server.stop();

const seconds = (prompt.length / PIPELINE_RATE).toFixed(1);
console.log(`${turns} turns each; the server takes ${FLOOR_MS} ms; ${seconds} s of sound`);
console.log('release to first sample, ms               p50     p95   added p50   CPU ms/turn   longest stall ms');
for (const { name, firstAudioMs, cpuMs, stallMs } of contenders) {
  const p50 = quantile(firstAudioMs, 0.5);
  const columns = [p50, quantile(firstAudioMs, 0.95), p50 - FLOOR_MS, quantile(cpuMs, 0.5), stallMs];
  const widths = [9, 8, 12, 14, 19];
  const cells = columns.map((value, column) => value.toFixed(1).padStart(widths[column] ?? 0));
  console.log(`${name.padEnd(36)}${cells.join('')}`);
}
for (const one of contenders.slice(1)) {
  const [p50, p95] = [0.5, 0.95].map((share) => quantile(one.firstAudioMs, share) / quantile(bare.firstAudioMs, share));
  console.log(`${one.name} / bare client: p50 ${p50?.toFixed(3)}, p95 ${p95?.toFixed(3)}`);
}

function contender(name: string, turn: () => Promise<number>): Contender {
  return { name, turn, firstAudioMs: [], cpuMs: [], stallMs: 0 };
}

async function measure(one: Contender, counts: boolean): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = process.cpuUsage();
  const firstAudioMs = await one.turn();
  const { user, system } = process.cpuUsage(before);
  delay.disable();
  if (!counts) return;
  one.firstAudioMs.push(firstAudioMs);
  one.cpuMs.push((user + system) / 1000);
  one.stallMs = Math.max(one.stallMs, delay.max / 1e6);
}

async function bareTurn(): Promise<number> {
  const client = new OpenAI({ apiKey: 'bench', baseURL: server.baseUrl, maxRetries: 1 });
  const release = performance.now();
  const file = await toFile(encodeWav(prompt, PIPELINE_RATE), 'take.wav');
  const transcript = await client.audio.transcriptions.create({ file, model: 'whisper-1' });
  const chat = await client.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: transcript.text }],
    stream: true,
  });
  let reply = '';
  for await (const chunk of chat) reply += chunk.choices[0]?.delta?.content ?? '';
  const answer = await client.audio.speech.create({
    model: 'gpt-4o-mini-tts',
    voice: 'alloy',
    input: reply,
    response_format: 'pcm',
  });
  let firstAudioMs = 0;
  for await (const _ of answer.body as unknown as AsyncIterable<Uint8Array>) {
    firstAudioMs ||= performance.now() - release;
  }
  return firstAudioMs;
}

async function squelch(
  name: string,
  sound: Int16Array,
  { live, realTime }: { live: boolean; realTime: boolean },
): Promise<Contender> {
  const home = await mkdtemp(join(tmpdir(), 'squelch-bench-'));
  const app = await createApp({
    home,
    host: 'cli',
    secrets: createMemorySecretStore(),
    environment: { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'bench' },
  });
  closers.push(async () => {
    await app.close();
    await rm(home, { recursive: true });
  });
  const window = new TestWindow(app, { checks: false });
  // The same model for all: one that answers in one piece.
  await window.invoke('settings.update', { stt: { mode: live ? 'segmented' : 'batch', model: 'whisper-1' } });
  return contender(name, async () => {
    await window.invoke('conversation.new', {});
    const takeId = await window.press();
    const turnId = window.conversation?.turnId as string;
    await window.speak(takeId, sound, { realTime });
    // Voice detection has long measured the take when the key of a real one comes up.
    if (!realTime) await sleep(100);
    window.playedAt.clear();
    const release = performance.now();
    await window.release(takeId);
    const { outcome } = await window.outcome(turnId);
    if (outcome !== 'completed') throw new Error(`The turn ended as ${outcome}`);
    const [firstAudioAt = Number.NaN] = window.playedAt.values();
    return firstAudioAt - release;
  });
}
