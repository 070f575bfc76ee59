/** Run by rooms.ts: Squelch's agent in rooms; told `local`, it takes a turn at its own window instead. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../src-main/app.ts';
import { concatSamples } from '../src-main/audio/frame.ts';
import { createMemorySecretStore } from '../src-main/settings/secrets.ts';
import { endNativeThreads } from '../src-main/transport/native-threads.ts';
import { quiet, speech } from '../tests/support/speech.ts';
import { TestWindow } from '../tests/support/test-window.ts';
import { answerCommands } from './self-measure.ts';

interface Task {
  readonly baseUrl: string;
  readonly url: string;
  readonly tokens: readonly string[];
}

const { baseUrl, url, tokens } = JSON.parse(process.argv[2] ?? '{}') as Task;
const home = await mkdtemp(join(tmpdir(), 'squelch-rooms-'));
const app = await createApp({
  home,
  host: 'cli',
  secrets: createMemorySecretStore(),
  environment: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-bench' },
});
const window = new TestWindow(app, { checks: false });
await window.invoke('settings.update', { stt: { mode: 'batch', model: 'whisper-1' } });
for (const token of tokens) await window.invoke('room.serve', { url, room: 'bench', token });
const question = concatSamples([await speech('What can you do for me today?'), quiet(200)]);

/** @returns milliseconds from the release to the first sound */
async function local(): Promise<number> {
  const takeId = await window.press();
  const turnId = window.conversation?.turnId as string;
  await window.speak(takeId, question, { realTime: true });
  window.playedAt.clear();
  const releasedAt = performance.now();
  await window.release(takeId);
  const [heardAt] = await window.until(() => (window.playedAt.size > 0 ? [...window.playedAt.values()] : null));
  await window.outcome(turnId);
  return (heardAt ?? Number.NaN) - releasedAt;
}

await answerCommands({ local });
await app.close();
await rm(home, { recursive: true, force: true });
await endNativeThreads();
process.exit();
