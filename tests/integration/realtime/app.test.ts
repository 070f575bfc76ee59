/** Realtime models as the settings choose them: the real core and log, a window, a server of the protocol. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type App, createApp } from '../../../src-main/app.ts';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { readWavHeader } from '../../../src-main/audio/wav.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import type { SettingsPatch } from '../../../src-preload/settings.ts';
import { startProviderServer } from '../../support/provider-server.ts';
import { type RealtimeServerOptions, startRealtimeServer } from '../../support/realtime-server.ts';
import { quiet, speech } from '../../support/speech.ts';
import { TestWindow } from '../../support/test-window.ts';

const SOUND = Int16Array.from({ length: 24_000 }, (_, i) => (i * 7) % 3_000);
const question = concatSamples([await speech('What time is it in Lisbon?'), quiet(300)]);

async function start(settings: SettingsPatch, options: RealtimeServerOptions = {}) {
  const realtime = await startRealtimeServer({ reply: { text: 'It is noon.', sound: SOUND }, ...options });
  onTestFinished(() => realtime.close());
  const server = await startProviderServer({ reply: 'It is late.' });
  onTestFinished(() => server.close());
  const home = await mkdtemp(join(tmpdir(), 'squelch-realtime-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const urls = { stt: { baseUrl: server.baseUrl }, llm: { baseUrl: server.baseUrl }, tts: { baseUrl: server.baseUrl } };
  for (const stage of ['stt', 'llm'] as const) if (settings[stage]) urls[stage].baseUrl = realtime.baseUrl;
  const written = { stt: { ...urls.stt, ...settings.stt }, llm: { ...urls.llm, ...settings.llm }, tts: urls.tts };
  await writeFile(join(home, 'settings.json'), JSON.stringify(written));
  const app = await createApp({ home, host: 'cli', secrets: createMemorySecretStore(), environment: {} });
  onTestFinished(() => app.close());
  return { app, window: new TestWindow(app), realtime, server };
}

async function recordedSamples(app: App, turnId: string, track: 'user' | 'agent'): Promise<Int16Array> {
  const file = await readFile(app.recording(turnId, track) ?? '');
  const offset = readWavHeader(file)?.dataOffset ?? 0;
  return new Int16Array(file.buffer.slice(file.byteOffset + offset, file.byteOffset + file.length) as ArrayBuffer);
}

it('talks to the speech-to-speech model of the settings, and keeps all that was exchanged', async () => {
  const { app, window, realtime, server } = await start({ llm: { realtimeModel: 'gpt-realtime' } });
  const turn = await window.say(question);
  expect(turn).toMatchObject({
    outcome: 'completed',
    user: { committed: 'What time is it?' },
    reply: { text: 'It is noon.', heardLength: 11 },
  });
  expect(window.phases).toEqual(['arming', 'recording', 'finishing', 'transcribing', 'thinking', 'speaking', 'idle']);
  expect([...(await recordedSamples(app, turn.id, 'user'))]).toEqual([...(realtime.heard[0] as Int16Array)]);
  expect([...(await recordedSamples(app, turn.id, 'agent'))]).toEqual([...SOUND]);
  expect(server.requests().filter(({ stage }) => stage !== null)).toEqual([]);
  expect(realtime.events[0]?.session).toMatchObject({
    audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } }, output: { voice: 'alloy' } },
  });

  const session = await window.invoke('sessions.get', { sessionId: turn.sessionId });
  expect(session?.turns[0]).toMatchObject({ user: { committed: 'What time is it?' }, reply: { text: 'It is noon.' } });
  const view = await window.invoke('app.get', {});
  expect(view.stages.llm.label).toBe('openai/gpt-realtime');
});

it('is tried out as a turn would use it', async () => {
  const { window } = await start({ llm: { realtimeModel: 'gpt-realtime' } });
  expect(await window.invoke('settings.test', { stage: 'llm' })).toMatchObject({
    ok: true,
    detail: 'Said “It is noon.”',
  });
});

it('recognises by streaming when the settings say so', async () => {
  const { app, window, realtime, server } = await start({ stt: { mode: 'realtime' } });
  const turn = await window.say(question);
  expect(turn).toMatchObject({
    outcome: 'completed',
    user: { committed: 'What time is it?' },
    reply: { text: 'It is late.' },
  });
  expect(server.requests('stt')).toEqual([]);
  const sent = concatSamples(realtime.heard);
  const captured = await recordedSamples(app, turn.id, 'user');
  expect([...sent]).toEqual([...captured.subarray(0, sent.length)]);
});

it('names the cause and the stage when streaming fails, keeps the sound, and recognises the next turn', async () => {
  let down = true;
  const { app, window } = await start(
    { stt: { mode: 'realtime' } },
    {
      intercept({ type }, end) {
        if (!down || type !== 'session.update') return false;
        end.send({ type: 'error', error: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'no' } });
        return true;
      },
    },
  );
  const failed = await window.say(question);
  expect(failed).toMatchObject({ outcome: 'failed', error: { stage: 'stt', code: 'key-rejected' } });
  expect((await recordedSamples(app, failed.id, 'user')).length).toBeGreaterThan(24_000);
  down = false;
  const { turnId } = await window.invoke('talk.retry', { turnId: failed.id });
  expect(await window.outcome(turnId)).toMatchObject({ outcome: 'completed', user: { committed: 'What time is it?' } });
});
