/**
 * From the release of the key to the first sample of the reply, against a server with fixed latencies, beside a bare
 * client of the SDK that sends the same sound and asks the same, one request after the other, in the same run.
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

interface Measured {
  readonly firstAudioMs: number[];
  cpuMs: number;
  stallMs: number;
}

const { values } = parseArgs({ options: { turns: { type: 'string', default: '100' } } });
const turns = Number(values.turns);

const server = await startServerProcess(LATENCIES);
const words = concatSamples([await speech('What is the weather like?'), quiet(600), await speech('And tomorrow?')]);
/** Let go this long after the last word: at once, and as one does who makes sure. */
const [prompt, unhurried] = [concatSamples([words, quiet(200)]), concatSamples([words, quiet(600)])];

const bare = await measureBare(prompt);
const batch = await measureSquelch(prompt, { live: false, realTime: false });
const livePrompt = await measureSquelch(prompt, { live: true, realTime: true });
const liveUnhurried = await measureSquelch(unhurried, { live: true, realTime: true });
server.stop();

const seconds = (prompt.length / PIPELINE_RATE).toFixed(1);
console.log(`${turns} turns each; the server takes ${FLOOR_MS} ms; ${seconds} s of sound`);
console.log('release to first sample, ms               p50     p95   added p50   CPU ms/turn   longest stall ms');
report('bare SDK client, sequential', bare);
report('Squelch, whole take', batch);
report('Squelch, live, let go after 200 ms', livePrompt);
report('Squelch, live, let go after 600 ms', liveUnhurried);
for (const [name, measured] of [
  ['whole take', batch],
  ['live, 200 ms', livePrompt],
  ['live, 600 ms', liveUnhurried],
] as const) {
  console.log(`${name} / bare client: p50 ${ratio(measured, bare, 0.5)}, p95 ${ratio(measured, bare, 0.95)}`);
}

async function measureBare(sound: Int16Array): Promise<Measured> {
  const client = new OpenAI({ apiKey: 'bench', baseURL: server.baseUrl, maxRetries: 1 });
  return measure(async () => {
    const release = performance.now();
    const file = await toFile(encodeWav(sound, PIPELINE_RATE), 'take.wav');
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
  });
}

async function measureSquelch(
  sound: Int16Array,
  { live, realTime }: { live: boolean; realTime: boolean },
): Promise<Measured> {
  const home = await mkdtemp(join(tmpdir(), 'squelch-bench-'));
  const app = await createApp({
    home,
    host: 'cli',
    secrets: createMemorySecretStore(),
    environment: { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'bench' },
  });
  try {
    const window = new TestWindow(app);
    // The same model for both: one that answers in one piece.
    await window.invoke('settings.update', { stt: { live, model: 'whisper-1' } });
    return await measure(() => turn(window, sound, realTime));
  } finally {
    await app.close();
    await rm(home, { recursive: true });
  }
}

async function turn(window: TestWindow, sound: Int16Array, realTime: boolean): Promise<number> {
  await window.invoke('conversation.new', {});
  const takeId = await window.press();
  const turnId = window.conversation?.turnId as string;
  await window.speak(takeId, sound, { realTime });
  // The whole take at once is measured by voice detection before the key comes up, as it would have been.
  if (!realTime) await sleep(100);
  const before = window.played.size;
  const release = performance.now();
  await window.release(takeId);
  await window.until(() => (window.played.size > before ? true : null));
  const firstAudioMs = performance.now() - release;
  const { outcome } = await window.outcome(turnId);
  if (outcome !== 'completed') throw new Error(`The turn ended as ${outcome}`);
  return firstAudioMs;
}

async function measure(one: () => Promise<number>): Promise<Measured> {
  for (let warmUp = 0; warmUp < 3; warmUp++) await one();
  const measured: Measured = { firstAudioMs: [], cpuMs: 0, stallMs: 0 };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  for (let index = 0; index < turns; index++) measured.firstAudioMs.push(await one());
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  measured.cpuMs = (user + system) / 1000 / turns;
  measured.stallMs = delay.max / 1e6;
  return measured;
}

function report(name: string, { firstAudioMs, cpuMs, stallMs }: Measured): void {
  const p50 = quantile(firstAudioMs, 0.5);
  const columns = [p50, quantile(firstAudioMs, 0.95), p50 - FLOOR_MS, cpuMs, stallMs].map((value) => value.toFixed(1));
  const [a, b, c, d, e] = columns as [string, string, string, string, string];
  console.log(`${name.padEnd(36)}${a.padStart(9)}${b.padStart(8)}${c.padStart(12)}${d.padStart(14)}${e.padStart(19)}`);
}

function ratio(one: Measured, other: Measured, share: number): string {
  return (quantile(one.firstAudioMs, share) / quantile(other.firstAudioMs, share)).toFixed(3);
}
