/** Realtime models as the settings choose them: the real core and log, a window, a server of the protocol. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SHIPPED_AGENTS } from '../../../src-main/agents/shipped.ts';
import { type App, createApp } from '../../../src-main/app.ts';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { readWavHeader } from '../../../src-main/audio/wav.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import type { SettingsPatch } from '../../../src-preload/settings.ts';
import { startProviderServer } from '../../support/provider-server.ts';
import { type RealtimeServerOptions, startRealtimeServer } from '../../support/realtime-server.ts';
import { quiet, speech } from '../../support/speech.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestWindow } from '../../support/test-window.ts';

const SOUND = Int16Array.from({ length: 24_000 }, (_, i) => (i * 7) % 3_000);
const question = concatSamples([await speech('What time is it in Lisbon?'), quiet(300)]);

async function start(settings: SettingsPatch, options: RealtimeServerOptions = {}) {
  const realtime = await startRealtimeServer({ reply: { text: 'It is noon.', sound: SOUND }, ...options });
  onTestFinished(() => realtime.close());
  const server = await startProviderServer({ reply: 'It is late.' });
  onTestFinished(() => server.close());
  const home = await temporaryFolder();
  const urls = { stt: { baseUrl: server.baseUrl }, llm: { baseUrl: server.baseUrl }, tts: { baseUrl: server.baseUrl } };
  for (const stage of ['stt', 'llm'] as const) if (settings[stage]) urls[stage].baseUrl = realtime.baseUrl;
  const written = { stt: { ...urls.stt, ...settings.stt }, llm: { ...urls.llm, ...settings.llm }, tts: urls.tts };
  await writeFile(join(home, 'settings.json'), JSON.stringify(written));
  const app = await createApp({ home, host: 'cli', secrets: createMemorySecretStore(), environment: {} });
  onTestFinished(() => app.close());
  return { app, window: new TestWindow(app), realtime, server, home };
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

it('speeds up the model’s voice with speedup, in the window and in the log, and its words count as heard', async () => {
  const { app, window, realtime, server } = await start({ llm: { realtimeModel: 'gpt-realtime' } });
  await window.invoke('conversation.new', { agentId: 'speedup' });
  const turn = await window.say(question);
  expect(turn).toMatchObject({ outcome: 'completed', reply: { text: 'It is noon.', heardLength: 11 } });
  expect(realtime.heard).toHaveLength(1);
  expect(server.requests().filter(({ stage }) => stage !== null)).toEqual([]);
  const kept = await recordedSamples(app, turn.id, 'agent');
  expect(kept.length / SOUND.length).toBeCloseTo(1 / 1.5, 1);
  expect(concatSamples([...window.played.values()].flat()).length).toBe(kept.length);
});

it('seats the staff of the restaurant at one model each, in voices that it has', async () => {
  const { window, realtime } = await start(
    { llm: { realtimeModel: 'gpt-realtime' } },
    {
      reply: (items) => {
        const calls = items.filter(({ type }) => type === 'function_call').length;
        const wanted = items.filter(({ role }) => role === 'user').length;
        if (calls >= wanted) return { text: 'At your service.', sound: SOUND };
        return { calls: [{ callId: `call_${calls}`, name: 'to_reservation', arguments: '{}' }] };
      },
    },
  );
  await window.invoke('conversation.new', { agentId: 'restaurant' });
  await window.outcome(window.conversation?.turnId ?? '');
  expect(await window.type('A table, please.')).toMatchObject({
    outcome: 'completed',
    steps: [
      { type: 'tool', name: 'to_reservation' },
      { type: 'handoff', to: 'restaurant-reservation' },
    ],
    reply: { text: 'At your service.' },
  });
  const voices = realtime.events.filter(({ type }) => type === 'session.update').map(({ session }) => session);
  expect(voices).toMatchObject([{ audio: { output: { voice: 'alloy' } } }, { audio: { output: { voice: 'coral' } } }]);
});

it('runs the agents over it that realtime.md names, and the others over the pipeline', async () => {
  const text = await readFile(new URL('../../../docs/realtime.md', import.meta.url), 'utf8');
  const [over, pipeline, recogniser] = (
    /Of the agents that ship, (.*?) run over the realtime model; (.*?) keep the pipeline, and (.*?) its/s
      .exec(text)
      ?.slice(1) ?? []
  ).map((names) => [...names.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id));
  const { window, home } = await start({ llm: { realtimeModel: 'gpt-realtime' } });
  await window.invoke('settings.update', { documents: { folder: home } });
  const models: Record<string, string | undefined> = {};
  for (const { id } of SHIPPED_AGENTS) {
    await window.invoke('conversation.new', { agentId: id });
    models[id] = (await window.type('Hello.')).models.llm;
  }
  const withModel = (wanted: (label: string | undefined) => boolean) =>
    Object.keys(models).filter((id) => wanted(models[id]));
  expect(withModel((label) => label === 'openai/gpt-realtime').sort()).toEqual(over?.toSorted());
  expect(withModel((label) => label === 'none')).toEqual(recogniser);
  expect(withModel((label) => label?.startsWith('openai/gpt-5') ?? false).sort()).toEqual(pipeline?.toSorted());
});

it('leaves a persona the models that it names', async () => {
  const { window } = await start({ llm: { realtimeModel: 'gpt-realtime' } });
  const persona = { id: null, name: 'Poet', instructions: 'Rhyme.', voice: null, mcpServers: [] };
  const named = await window.invoke('personas.save', { ...persona, models: { stt: null, llm: null, tts: 'tts-poem' } });
  await window.invoke('conversation.new', { agentId: named.id });
  expect((await window.type('Hello.')).models.tts).toBe('openai/tts-poem/alloy');
  const plain = await window.invoke('personas.save', { ...persona, models: { stt: null, llm: null, tts: null } });
  await window.invoke('conversation.new', { agentId: plain.id });
  expect((await window.type('Hello.')).models.tts).toBe('openai/gpt-realtime');
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
