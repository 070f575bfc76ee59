/**
 * Memory of the core during a hold of one hour with live transcription, at many times the real pace: it should stay
 * flat, because what was recognised and written is kept on disk alone.
 *
 *   npm run bench:memory -- [--minutes 60]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextLoop } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createApp } from '../src-main/app.ts';
import { concatSamples, PIPELINE_RATE } from '../src-main/audio/frame.ts';
import { createMemorySecretStore } from '../src-main/settings/secrets.ts';
import { PACKET_SAMPLES } from '../src-preload/audio-packet.ts';
import { quiet, speech } from '../tests/support/speech.ts';
import { TestWindow } from '../tests/support/test-window.ts';
import { startServerProcess } from './server-process.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const minutes = Number(values.minutes);

const server = await startServerProcess({ stt: 1, llm: 1, tts: 1 });
const home = await mkdtemp(join(tmpdir(), 'squelch-bench-'));
const app = await createApp({
  home,
  host: 'cli',
  secrets: createMemorySecretStore(),
  environment: { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'bench' },
});
const window = new TestWindow(app, { checks: false });
const phrase = concatSamples([await speech('This is one of very many phrases that are said in an hour.'), quiet(900)]);

const takeId = await window.press();
const turnId = window.conversation?.turnId as string;
console.log('minute  resident MiB  heap MiB  buffers MiB');
const resident: number[] = [];
let sequence = 0;
let sentSamples = 0;
for (let minute = 1; minute <= minutes; minute++) {
  while (sentSamples < minute * 60 * PIPELINE_RATE) {
    for (let start = 0; start < phrase.length; start += PACKET_SAMPLES) {
      window.frame(takeId, sequence++, phrase.slice(start, start + PACKET_SAMPLES));
      // A microphone leaves the loop free between frames.
      await nextLoop();
    }
    sentSamples += phrase.length;
  }
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  resident.push(rss / 2 ** 20);
  if (minute % Math.ceil(minutes / 12) === 0 || minute === 1) {
    const columns = [rss, heapUsed, arrayBuffers].map((bytes) => (bytes / 2 ** 20).toFixed(1).padStart(12));
    console.log(`${String(minute).padStart(6)}${columns.join('')}`);
  }
}
await window.release(takeId);
const { outcome, user } = await window.outcome(turnId);
const half = Math.floor(resident.length / 2);
const growth = (Math.max(...resident.slice(half)) / Math.max(...resident.slice(0, half))).toFixed(3);
console.log(
  `${outcome}: ${Math.round(user.audioMs / 60_000)} minutes kept; peak of the second half / of the first: ${growth}`,
);
await app.close();
await rm(home, { recursive: true });
server.stop();
