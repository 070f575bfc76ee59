import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeWav } from '../../../src-main/audio/wav.ts';
import { type ProviderServerOptions, startProviderServer } from '../../support/provider-server.ts';
import { quiet, speech } from '../../support/speech.ts';
import { type Finished, squelch, startSquelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const RATE = 24_000;

interface TalkDocument {
  readonly sessionId: string;
  readonly turnId: string;
  readonly outcome: string;
  readonly transcript: string;
  readonly reply: string;
  readonly heardText: string;
  readonly timings: Record<string, number | null>;
  readonly usage: { stage: string; provider: string }[];
  readonly error: { stage: string; code: string; message: string; hint: string } | null;
}

async function question(folder: string): Promise<{ path: string; samples: Int16Array }> {
  const spoken = await speech('What is the weather like in Berlin today?');
  const samples = Int16Array.from([...quiet(200), ...spoken]);
  const path = join(folder, 'question.wav');
  await writeFile(path, encodeWav(samples, RATE));
  return { path, samples };
}

async function provider(options: ProviderServerOptions): Promise<Record<string, string>> {
  const server = await startProviderServer(options);
  onTestFinished(() => server.close());
  return { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test-0123456789' };
}

const documentOf = (finished: Finished) => finished.json() as TalkDocument;

describe('talk', () => {
  test('whose output nobody reads any more finishes its turn and closes the log', async () => {
    const home = await temporaryFolder();
    const environment = await provider({ reply: 'It rains.' });
    const child = startSquelch(['talk', '--text', 'Hello', '--agent', 'restaurant', '--home', home], environment);
    child.stdout?.destroy();
    child.stderr?.destroy();
    const [status] = await once(child, 'exit');
    expect(status).toBe(0);
    const [hit] = (await squelch(['sessions', 'search', 'Hello', '--json', '--home', home])).json() as TalkDocument[];
    const shown = await squelch(['sessions', 'show', hit?.sessionId ?? '', '--json', '--home', home]);
    const { turns } = shown.json() as { turns: TalkDocument[] };
    expect(turns.at(-1)).toMatchObject({ outcome: 'completed' });
    expect(await readdir(join(home, 'anchors'))).toHaveLength(1);
  });

  test('makes a whole turn from a recording against a server', async () => {
    const home = await temporaryFolder();
    const { path } = await question(home);
    const environment = await provider({ transcript: 'What is the weather?', reply: 'It rains. Take a coat.' });
    const finished = await squelch(['talk', '--audio', path, '--json', '--home', home], environment);
    expect([finished.status, finished.stderr]).toEqual([0, '']);
    const document = documentOf(finished);
    expect(Object.keys(document)).toEqual([
      'sessionId',
      'turnId',
      'outcome',
      'transcript',
      'reply',
      'heardText',
      'timings',
      'usage',
      'error',
    ]);
    expect(document).toMatchObject({
      outcome: 'completed',
      transcript: 'What is the weather?',
      reply: 'It rains. Take a coat.',
      heardText: 'It rains. Take a coat.',
      error: null,
    });
    expect(document.timings).toEqual({
      releaseToTranscriptMs: expect.any(Number),
      releaseToFirstTokenMs: expect.any(Number),
      releaseToFirstAudioMs: expect.any(Number),
      totalMs: expect.any(Number),
    });
    expect(new Set(document.usage.map(({ stage }) => stage))).toContain('llm');
  });

  test('needs neither key nor network', async () => {
    const home = await temporaryFolder();
    const { path } = await question(home);
    const finished = await squelch(['talk', '--audio', path, '--home', home]);
    expect(finished.status).toBe(0);
    expect(finished.stdout).toMatch(/^You {6}Measured, not understood: /);
    expect(finished.stdout).toMatch(
      /completed · transcript \d+ ms · first word \d+ ms · first sound \d+ ms · session /,
    );
  });

  test('hears every sample of the recording', async () => {
    const home = await temporaryFolder();
    const { path, samples } = await question(home);
    const { sessionId } = documentOf(await squelch(['talk', '--audio', path, '--json', '--home', home]));
    const shown = (await squelch(['sessions', 'show', sessionId, '--json', '--home', home])).json() as {
      turns: { user: { audio: { file: string }; lostFrames: number; lateFrames: number } }[];
    };
    const user = shown.turns[0]?.user;
    expect(user).toMatchObject({ lostFrames: 0, lateFrames: 0 });
    const kept = new Int16Array((await readFile(join(home, user?.audio.file ?? ''))).buffer.slice(44));
    expect(kept.subarray(0, samples.length)).toEqual(samples);
    const tail = kept.subarray(samples.length);
    expect(tail.length).toBeLessThanOrEqual(0.3 * RATE);
    expect(tail.every((sample) => sample === 0)).toBe(true);
  });

  test('sends nothing for a recording without speech', async () => {
    const home = await temporaryFolder();
    const path = join(home, 'silence.wav');
    await writeFile(path, encodeWav(quiet(1_500), RATE));
    const server = await startProviderServer({ transcript: 'Thank you.' });
    onTestFinished(() => server.close());
    const environment = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test' };
    const finished = await squelch(['talk', '--audio', path, '--json', '--home', home], environment);
    expect(documentOf(finished)).toMatchObject({ outcome: 'no-speech', transcript: '', reply: '', error: null });
    expect(finished.status).toBe(0);
    expect(server.requests('stt')).toEqual([]);
  });

  test('sends typed words', async () => {
    const home = await temporaryFolder();
    const environment = await provider({ reply: 'Typed and answered.' });
    const finished = await squelch(['talk', '--text', 'Hello', '--json', '--home', home], environment);
    expect(documentOf(finished)).toMatchObject({
      outcome: 'completed',
      transcript: 'Hello',
      reply: 'Typed and answered.',
      timings: { releaseToTranscriptMs: null },
    });
  });

  test('saves the reply, replacing the file', async () => {
    const home = await temporaryFolder();
    const sound = await speech('It rains.');
    const environment = await provider({ reply: 'It rains.', speech: sound });
    const path = join(home, 'reply.wav');
    await writeFile(path, 'an older reply');
    const finished = await squelch(['talk', '--text', 'Hello', '--save-reply', path, '--home', home], environment);
    expect(finished.status).toBe(0);
    const saved = await readFile(path);
    expect(saved.subarray(0, 4).toString()).toBe('RIFF');
    expect(new Int16Array(saved.buffer.slice(saved.byteOffset + 44, saved.byteOffset + saved.length))).toEqual(sound);
  });

  test('--realtime takes as long as the sound', async () => {
    const home = await temporaryFolder();
    const { path, samples } = await question(home);
    const environment = await provider({ transcript: 'Hello.', reply: 'Yes.' });
    const args = ['talk', '--audio', path, '--realtime', '--json', '--home', home];
    const { timings } = documentOf(await squelch(args, environment));
    expect(timings.totalMs).toBeGreaterThan((samples.length * 1000) / RATE);
  });

  test('a provider that is down: the cause, the way out, exit 1, and the recording is kept', async () => {
    const home = await temporaryFolder();
    const { path } = await question(home);
    const environment = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_API_KEY: 'sk-test' };
    const finished = await squelch(['talk', '--audio', path, '--json', '--home', home], environment);
    const document = documentOf(finished);
    expect([finished.status, document.outcome]).toEqual([1, 'failed']);
    expect(document.error).toEqual({
      stage: 'stt',
      code: expect.any(String),
      message: expect.stringContaining('127.0.0.1:9'),
      hint: expect.any(String),
      cause: 'Connection error: fetch failed: connect ECONNREFUSED 127.0.0.1:9',
    });
    const shown = await squelch(['sessions', 'show', document.sessionId, '--json', '--home', home]);
    expect(shown.json()).toMatchObject({
      turns: [{ outcome: 'failed', user: { audio: { file: expect.any(String) } } }],
    });
    const typed = await squelch(['talk', '--text', 'Hello', '--home', home], environment);
    for (const { stdout } of [typed, await squelch(['sessions', 'show', document.sessionId, '--home', home])]) {
      expect(stdout).toMatch(/^ *Failed {3}[^.]*127\.0\.0\.1:9\. .*\.$/m);
    }
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels the turn and ends in order', async (signal) => {
    const home = await temporaryFolder();
    const server = await startProviderServer({ chaos: [{ kind: 'stall', stage: 'llm', afterBytes: 0 }] });
    onTestFinished(() => server.close());
    const environment = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test' };
    const child = startSquelch(['talk', '--text', 'Hello', '--json', '--home', home], environment);
    if (!child.stdout) throw new Error('No output');
    const output = text(child.stdout);
    const exited = once(child, 'exit');
    await expect.poll(() => server.requests('llm').length, { timeout: 12_000 }).toBe(1);
    child.kill(signal);
    expect(await exited).toEqual([1, null]);
    expect(JSON.parse(await output)).toMatchObject({ outcome: 'cancelled', error: null });
  });
});

describe('bad input to talk', () => {
  test.each([
    ['missing', null, 'audio-missing'],
    ['empty', new Uint8Array(0), 'audio-'],
    ['no sound', encodeWav(new Int16Array(0), RATE), 'audio-empty'],
    ['text', new TextEncoder().encode('hello '.repeat(100)), 'audio-unknown'],
  ])('a file that is %s', async (name, content, code) => {
    const home = await temporaryFolder();
    const path = join(home, `${name}.wav`);
    if (content) await writeFile(path, content);
    const finished = await squelch(['talk', '--audio', path, '--json', '--home', join(home, 'data')]);
    expect(finished.status).toBe(1);
    expect(finished.json()).toMatchObject({
      error: {
        stage: null,
        code: expect.stringContaining(code),
        message: expect.any(String),
        hint: expect.any(String),
      },
    });
    expect(finished.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a place for the reply that does not exist: known before anything is sent', async () => {
    const home = await temporaryFolder();
    const finished = await squelch(['talk', '--text', 'a', '--save-reply', '/nowhere/at/all.wav', '--home', home]);
    expect(finished.status).toBe(1);
    expect(finished.stderr).toMatch(/^squelch: .*its folder does not exist.*\n$/);
  });

  test('a folder in the place of the reply: known before anything is sent', async () => {
    const home = await temporaryFolder();
    const finished = await squelch(['talk', '--text', 'a', '--save-reply', home, '--home', home]);
    expect(finished.status).toBe(1);
    expect(finished.stderr).toMatch(/^squelch: .*it is a folder.*\n$/);
  });
});
