/** Squelch, driven as the peer is: the same sound at the pace of a microphone, live transcription off; prints JSON. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../../src-main/app.ts';
import { createMemorySecretStore } from '../../src-main/settings/secrets.ts';
import { TestWindow } from '../../tests/support/test-window.ts';

const AFTER_TURN_MS = 400;

const { baseUrl, wav, turns } = JSON.parse(process.argv[2] ?? '{}') as { baseUrl: string; wav: string; turns: number };
const bytes = readFileSync(wav);
const sound = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length));
const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
const app = await createApp({
  home,
  host: 'cli',
  secrets: createMemorySecretStore(),
  environment: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'bench' },
});
const window = new TestWindow(app, { checks: false });
await window.invoke('settings.update', { stt: { mode: 'batch', model: 'whisper-1' } });

const measured: { firstAudioMs: number; cpuMs: number; residentMiB: number }[] = [];
for (let turn = 0; turn < turns; turn++) {
  const before = process.cpuUsage();
  const takeId = await window.press();
  const turnId = window.conversation?.turnId as string;
  await window.speak(takeId, sound, { realTime: true });
  const release = performance.now();
  await window.release(takeId);
  await window.outcome(turnId);
  const [firstAudioAt = Number.NaN] = window.playedAt.values();
  const firstAudioMs = firstAudioAt - release;
  window.playedAt.clear();
  window.played.clear();
  await sleep(AFTER_TURN_MS);
  const { user, system } = process.cpuUsage(before);
  measured.push({
    firstAudioMs,
    cpuMs: (user + system) / 1000,
    residentMiB: process.memoryUsage().rss / 2 ** 20,
  });
}
await app.close();
rmSync(home, { recursive: true });
process.stdout.write(JSON.stringify(measured), () => process.exit());
