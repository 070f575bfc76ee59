import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ModelStage } from '../../../src-main/speech/call.ts';
import { type ProviderServer, startProviderServer, type Trouble } from '../../support/provider-server.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { chat, impatient, llmAt, speak, speakerAt, transcribe, transcriberAt } from './calls.ts';

const STAGES = ['stt', 'llm', 'tts'] as const;

/** @param model of the recogniser; whisper-1 has no optional parameter that a server might stumble over. */
function call(stage: ModelStage, baseUrl: string, model = 'whisper-1'): Promise<unknown> {
  const server = impatient(baseUrl);
  if (stage === 'stt') return transcribe(transcriberAt(server, model));
  return stage === 'llm' ? chat(llmAt(server)) : speak(speakerAt(server));
}

describe('a provider that fails', () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  afterEach(() => server.setChaos());
  afterAll(() => server.close());

  async function failure(stage: ModelStage, trouble: Omit<Trouble, 'stage'>) {
    const before = server.requests(stage).length;
    server.setChaos([{ ...trouble, stage }]);
    const error = await call(stage, server.baseUrl).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return { error, attempts: server.requests(stage).length - before };
  }

  describe.each(STAGES)('%s', (stage) => {
    it.each([
      ['error', 'server-failed', 2],
      ['rate-limit', 'rate-limited', 2],
      ['hang-up', 'disconnected', 2],
      ['malformed', 'malformed-answer', 1],
    ] as const)('%s becomes %s after %i attempts', async (kind, code, attempts) => {
      const failed = await failure(stage, { kind });
      expect(failed.error).toMatchObject({ name: 'Fault', stage, code });
      expect(failed.attempts).toBe(attempts);
    });

    it('a first byte that does not come becomes a timeout, tried once', async () => {
      const failed = await failure(stage, { kind: 'stall', afterBytes: 0 });
      expect(failed.error).toMatchObject({ name: 'Fault', stage, code: 'timeout' });
      expect(failed.attempts).toBe(1);
    });

    it('an answer that stops becomes stalled', async () => {
      const failed = await failure(stage, { kind: 'stall', afterBytes: 60 });
      expect(failed.error).toMatchObject({ name: 'Fault', stage, code: 'stalled' });
    });

    it('a disconnect in mid-answer becomes disconnected', async () => {
      const failed = await failure(stage, { kind: 'disconnect', afterBytes: 60 });
      expect(failed.error).toMatchObject({ name: 'Fault', stage, code: 'disconnected' });
    });

    it.each(['error', 'rate-limit', 'hang-up'] as const)('recovers from one %s, unseen', async (kind) => {
      const { error, attempts } = await failure(stage, { kind, times: 1 });
      expect(error).toBeNull();
      expect(attempts).toBe(2);
    });

    it('works again right after a failure', async () => {
      await failure(stage, { kind: 'stall', afterBytes: 60 });
      server.setChaos();
      await expect(call(stage, server.baseUrl)).resolves.toBeTruthy();
    });
  });

  it('delivers the words and the sound that came before the break', async () => {
    server.setChaos([{ kind: 'disconnect', stage: 'llm', afterBytes: 900 }]);
    const words: number[] = [];
    await expect(chat(llmAt(impatient(server.baseUrl)), { onText: () => words.push(1) })).rejects.toMatchObject({
      code: 'disconnected',
    });
    expect(words.length).toBeGreaterThan(0);
    server.setChaos([{ kind: 'stall', stage: 'tts', afterBytes: 900 }]);
    const sounds: number[] = [];
    await expect(speak(speakerAt(impatient(server.baseUrl)), { onSound: () => sounds.push(1) })).rejects.toMatchObject({
      code: 'stalled',
    });
    expect(sounds.length).toBeGreaterThan(0);
  });

  it('tries a broken stream of tentative words again, because they are replaced', async () => {
    server.setChaos([{ kind: 'disconnect', stage: 'stt', afterBytes: 120, times: 1 }]);
    const { text } = await transcribe(transcriberAt(impatient(server.baseUrl)));
    expect(text).toBe('What time is it?');
  });
});

describe('what the user is told', () => {
  /** A server that answers everything with one status. */
  async function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
    const server = await startRawServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
    const error = await chat(llmAt(impatient(server.baseUrl), 'some-model')).catch((thrown: unknown) => thrown);
    await server.close();
    return { error, attempts: server.requests.length };
  }
  const says = (message: string, code?: string) => ({ error: { message, type: 'x', ...(code ? { code } : {}) } });

  it.each([
    [401, says('Incorrect API key provided'), {}, 'key-rejected', /valid key/],
    [403, says('Country not supported'), {}, 'access-denied', /some-model/],
    [404, says('The model does not exist', 'model_not_found'), {}, 'model-not-found', /another model/],
    [404, { detail: 'Not Found' }, {}, 'wrong-address', /ends in \/v1/],
    [400, says('Invalid something'), {}, 'request-refused', /model, voice and language/],
    [413, says('Too large'), {}, 'too-large', /shorter turns/],
    [429, says('You exceeded your current quota', 'insufficient_quota'), {}, 'quota-exceeded', /credit/],
    [429, says('Slow down'), { 'retry-after': '20' }, 'rate-limited', /in 20 seconds/],
    [429, says('Slow down'), { 'retry-after': 'Fri, 31 Dec 2100 23:59:59 GMT' }, 'rate-limited', /in \d+ seconds/],
    [503, says('Overloaded'), { 'retry-after': '60' }, 'server-failed', /in a moment/],
  ])('%i %j is %s', async (status, body, headers, code, hint) => {
    const { error } = await answering(status, body, headers as Record<string, string>);
    expect(error).toMatchObject({ stage: 'llm', code });
    expect((error as { hint: string }).hint).toMatch(hint);
  });

  it('does not wait longer than a moment for a retry', async () => {
    expect((await answering(429, says('Slow down'), { 'retry-after': '20' })).attempts).toBe(1);
    expect((await answering(429, says('Slow down'), { 'retry-after': '0' })).attempts).toBe(2);
    expect((await answering(429, says('Slow down'), { 'retry-after-ms': '5' })).attempts).toBe(2);
    expect((await answering(401, says('Incorrect API key'))).attempts).toBe(1);
  });

  it('knows when nobody is there', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const error = chat(llmAt(impatient(`http://127.0.0.1:${port}/v1`)));
    await expect(error).rejects.toMatchObject({ code: 'unreachable', message: `Nothing answers at 127.0.0.1:${port}` });
  });

  it('knows a name that does not exist, and a secure address of a plain server', async () => {
    await expect(chat(llmAt(impatient('http://squelch.invalid/v1')))).rejects.toMatchObject({ code: 'host-not-found' });
    const server = await startRawServer(() => {});
    await expect(chat(llmAt(impatient(server.baseUrl.replace('http:', 'https:'))))).rejects.toMatchObject({
      code: 'tls-failed',
    });
    await server.close();
  });

  it('never shows the key', async () => {
    const { error } = await answering(401, says('Incorrect API key provided'));
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('test-key');
  });
});
