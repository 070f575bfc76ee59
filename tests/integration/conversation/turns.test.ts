/** Whole turns through the core: the real detector, the real log, a real protocol server, the contract. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../../src-main/app.ts';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { readWavHeader } from '../../../src-main/audio/wav.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import { decodePacket, PACKET_KIND } from '../../../src-preload/audio-packet.ts';
import { type ProviderServer, type ProviderServerOptions, startProviderServer } from '../../support/provider-server.ts';
import { quiet, speech } from '../../support/speech.ts';
import { TestWindow, type TestWindowOptions } from '../../support/test-window.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Setting {
  readonly app: App;
  readonly window: TestWindow;
  readonly server: ProviderServer;
  readonly home: string;
}

async function start(options: ProviderServerOptions = {}, windowOptions: TestWindowOptions = {}): Promise<Setting> {
  const home = await mkdtemp(join(tmpdir(), 'squelch-turns-'));
  cleanups.push(() => rm(home, { recursive: true, force: true }));
  const server = await startProviderServer(options);
  cleanups.push(() => server.close());
  const app = await createApp({
    home,
    host: 'cli',
    secrets: createMemorySecretStore(),
    environment: { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test-credential' },
  });
  cleanups.push(() => app.close());
  return { app, window: new TestWindow(app, windowOptions), server, home };
}

async function recordedSamples(app: App, turnId: string, track: 'user' | 'agent'): Promise<Int16Array> {
  const file = await readFile(app.recording(turnId, track) ?? '');
  const header = readWavHeader(file);
  if (!header) throw new Error('no WAV header');
  return new Int16Array(
    file.buffer.slice(file.byteOffset + header.dataOffset, file.byteOffset + file.length) as ArrayBuffer,
  );
}

function lastMessages(server: ProviderServer): { role: string; content: string }[] {
  return (server.requests('llm').at(-1)?.json?.messages ?? []) as { role: string; content: string }[];
}

const question = await speech('What time is it in Lisbon?');

describe('a spoken turn', () => {
  it('is heard, answered aloud and kept', async () => {
    const { app, window, server } = await start({
      transcript: 'What time is it?',
      reply: 'It is noon. The sun is high.',
    });
    const turn = await window.say(concatSamples([question, quiet(300)]));

    expect(turn).toMatchObject({
      outcome: 'completed',
      error: null,
      user: { committed: 'What time is it?', tentative: '', lostFrames: 0, lateFrames: 0 },
      reply: { text: 'It is noon. The sun is high.', heardLength: 28 },
    });
    expect(window.phases).toEqual(['arming', 'recording', 'finishing', 'transcribing', 'thinking', 'speaking', 'idle']);
    expect(turn.timings?.releaseToFirstAudioMs).toBeGreaterThan(0);
    expect(turn.usage.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['stt', 'llm']));

    const { turns } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(turns).toEqual([
      expect.objectContaining({ id: turn.id, outcome: 'completed', reply: turn.reply, user: turn.user }),
    ]);
    expect(server.requests('stt').length).toBeGreaterThan(0);
    const said = await recordedSamples(app, turn.id, 'agent');
    expect(said).toEqual(concatSamples([...window.played.values()].flat()));
  });

  it('brings to the recogniser every sample that was captured: head, joints and tail', async () => {
    const { app, window, server } = await start({ transcript: ({ samples }) => `${samples.length} samples.` });
    const sound = concatSamples([question, quiet(900), await speech('And tomorrow, at the same hour?')]);
    const turn = await window.say(sound);

    const sent = server.requests('stt').flatMap(({ audio }) => (audio ? [audio.samples] : []));
    expect(sent.length).toBeGreaterThan(1);
    const recorded = await recordedSamples(app, turn.id, 'user');
    expect(recorded).toEqual(sound.slice(0, recorded.length));
    const recognised = concatSamples(sent);
    expect(recognised).toEqual(recorded.slice(0, recognised.length));
    expect(recorded.length - recognised.length).toBeLessThan(24_000 / 2);
  });

  it('sends nothing anywhere when nobody spoke', async () => {
    const { window, server } = await start();
    const turn = await window.say(quiet(1_500));
    expect(turn).toMatchObject({ outcome: 'no-speech', error: null });
    expect(server.requests('stt')).toEqual([]);
    expect(server.requests('llm')).toEqual([]);
  });

  it('remembers what was said before', async () => {
    const { window, server } = await start({ transcript: 'My name is Ada.', reply: 'Hello Ada.' });
    await window.say(concatSamples([question, quiet(300)]));
    await window.type('What is my name?');
    const messages = lastMessages(server);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages.slice(1).map(({ content }) => content)).toEqual([
      'My name is Ada.',
      'Hello Ada.',
      'What is my name?',
    ]);
  });
});

describe('an interruption', () => {
  const reply = 'One two three four five six seven eight nine ten. Eleven twelve thirteen fourteen.';

  it('keeps what was heard, and that alone, for the conversation', async () => {
    const { window, server } = await start({ reply }, { hearsUpTo: 24_000 });
    const { turnId } = await window.invoke('talk.sendText', { text: 'Count.' });
    await window.until(() => (window.turns.get(turnId)?.reply.heardMs === 1_000 ? true : null));
    const takeId = await window.press();
    const interrupted = await window.outcome(turnId);
    expect(interrupted.outcome).toBe('interrupted');
    const heard = reply.slice(0, interrupted.reply.heardLength);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.length).toBeLessThan(reply.length);

    await window.invoke('talk.cancel', {});
    expect(takeId).toBeGreaterThan(0);
    await window.invoke('talk.sendText', { text: 'Go on.' });
    await window.until(() => (server.requests('llm').length > 1 ? true : null));
    const messages = lastMessages(server);
    expect(messages.filter(({ role }) => role === 'assistant').map(({ content }) => content)).toEqual([heard]);
  });

  it('loses no words when it comes before they were transcribed', async () => {
    const { window, server } = await start({ transcript: 'First question.', latencies: { stt: 300 } });
    const takeId = await window.press();
    const first = window.conversation?.turnId as string;
    await window.speak(takeId, concatSamples([question, quiet(300)]));
    await window.release(takeId);
    await window.until(() => (window.conversation?.phase === 'transcribing' ? true : null));
    const second = await window.say(concatSamples([question, quiet(300)]));
    expect((await window.outcome(first)).outcome).toBe('interrupted');
    expect(second.outcome).toBe('completed');
    const messages = lastMessages(server);
    expect(messages.filter(({ role }) => role === 'user')).toHaveLength(2);
  });
});

describe('what a user does with the key', () => {
  it('taps by mistake: the turn is discarded', async () => {
    const { window, server } = await start();
    const takeId = await window.press();
    const turnId = window.conversation?.turnId as string;
    await window.speak(takeId, question.slice(0, 2_400));
    await window.release(takeId, 100);
    expect((await window.outcome(turnId)).outcome).toBe('cancelled');
    expect(server.requests('stt')).toEqual([]);
  });

  it('locks by tapping twice and ends with a third press', async () => {
    const { window } = await start();
    const takeId = await window.press();
    const turnId = window.conversation?.turnId as string;
    await window.release(takeId, 100);
    await window.press(takeId);
    await window.release(takeId, 100);
    expect(window.conversation?.locked).toBe(true);
    await window.speak(takeId, concatSamples([question, quiet(300)]));
    await window.press(takeId);
    await window.release(takeId, 100);
    expect((await window.outcome(turnId)).outcome).toBe('completed');
  });

  it('closes the window while speaking: the turn ends, and is answered by the window that comes next', async () => {
    const { app, window } = await start();
    const other = new TestWindow(app);
    const takeId = await window.press();
    const turnId = other.conversation?.turnId as string;
    await window.speak(takeId, question);
    window.close();
    await other.invoke('talk.takeOver', {});
    const turn = await other.outcome(turnId);
    expect(turn).toMatchObject({ outcome: 'completed', user: { committed: 'What time is it?' } });
    expect(other.played.size).toBe(1);
    expect(window.played.size).toBe(0);
  });
});

describe('when a provider fails', () => {
  it.each([
    ['stt', 'error'],
    ['stt', 'malformed'],
    ['stt', 'hang-up'],
    ['llm', 'error'],
    ['llm', 'malformed'],
    ['llm', 'disconnect'],
    ['tts', 'error'],
    ['tts', 'hang-up'],
  ] as const)('%s with %s: the turn says so, its sound is kept, and it can be sent again', async (stage, kind) => {
    const { app, window, server } = await start({ chaos: [{ stage, kind }] });
    const failed = await window.say(concatSamples([question, quiet(300)]));
    expect(failed).toMatchObject({ outcome: 'failed', error: { stage } });
    expect(failed.error?.hint).not.toBe('');
    expect((await recordedSamples(app, failed.id, 'user')).length).toBeGreaterThan(20_000);

    server.setChaos();
    const { turnId } = await window.invoke('talk.retry', { turnId: failed.id });
    const again = await window.outcome(turnId);
    expect(again).toMatchObject({ outcome: 'completed', source: 'retry', retryOf: failed.id });
    const users = lastMessages(server).filter(({ role }) => role === 'user');
    expect(users).toHaveLength(stage === 'tts' ? 2 : 1);
  });

  it('a loudspeaker that can not even be stopped: the turn ends all the same, and the next one works', async () => {
    const { app, window } = await start();
    const played = Promise.withResolvers<void>();
    const broken = app.connect({
      event: () => {},
      packet(bytes) {
        if (decodePacket(bytes)?.kind === PACKET_KIND.stop) throw new Error('the loudspeaker is gone');
        played.resolve();
      },
    });
    const { turnId } = (await broken.invoke('talk.sendText', { text: 'What time is it?' })) as { turnId: string };
    await played.promise;
    await broken.invoke('talk.cancel', {}).catch(() => {});
    expect(await window.outcome(turnId)).toMatchObject({ outcome: 'cancelled', phase: null });
    expect(await window.type('And now?')).toMatchObject({ outcome: 'completed' });
  });
});
