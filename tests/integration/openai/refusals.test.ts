/** What a user reads when a server refuses, sends the request elsewhere, or is not there. */
import { once } from 'node:events';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startRawServer } from '../../support/raw-server.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../../support/self-signed.ts';
import { chat, impatient, llmAt, transcribe, transcriberAt } from './calls.ts';

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
    [405, '', {}, 'wrong-address', /ends in \/v1/],
    [402, says('Insufficient credits'), {}, 'quota-exceeded', /credit/],
    [400, says('Invalid something'), {}, 'request-refused', /model, voice and language/],
    [415, '', {}, 'request-refused', /model, voice and language/],
    [422, { detail: [{ loc: ['body', 'model'], msg: 'unknown' }] }, {}, 'request-refused', /model, voice and language/],
    [413, says('Too large'), {}, 'too-large', /another conversation/],
    [400, says('…', 'context_length_exceeded'), {}, 'too-large', /another conversation/],
    [400, says('the request exceeds the available context size'), {}, 'too-large', /another conversation/],
    [200, { error: { code: 429, message: 'Slow down' } }, {}, 'rate-limited', /in a minute/],
    [200, { error: { code: 'model_not_found', message: 'x' } }, {}, 'model-not-found', /another model/],
    [200, { error: { code: 502, message: 'Provider down' } }, {}, 'server-failed', /in a moment/],
    [429, says('You exceeded your current quota', 'insufficient_quota'), {}, 'quota-exceeded', /credit/],
    [429, says('Slow down'), { 'retry-after': '20' }, 'rate-limited', /in 20 seconds/],
    [429, says('Slow down'), { 'retry-after': '600' }, 'rate-limited', /in 10 minutes/],
    [429, says('Slow down'), { 'retry-after': '86400' }, 'rate-limited', /in 24 hours/],
    [429, says('Slow down'), { 'retry-after': 'Fri, 31 Dec 2100 23:59:59 GMT' }, 'rate-limited', /in \d+ days/],
    [429, says('Slow down'), { 'retry-after': 'soon' }, 'rate-limited', /in a minute/],
    [301, '', { location: 'https://other.example/v1' }, 'moved', /address/],
    [302, '', { location: '/log-in' }, 'moved', /address/],
    [503, says('Overloaded'), { 'retry-after': '60' }, 'server-failed', /in a moment/],
  ])('%i %j is %s', async (status, body, headers, code, hint) => {
    const { error } = await answering(status, body, headers as Record<string, string>);
    expect(error).toMatchObject({ stage: 'llm', code });
    expect((error as { hint: string }).hint).toMatch(hint);
  });

  it.each([
    [
      '<html><head><title>502 Bad\nGateway</title></head><body><hr>nginx</body></html>',
      'failed (502): 502 Bad Gateway',
    ],
    ['<!doctype html><h1>Down</h1>', 'failed (502): Down'],
    ['{"detail":"loading"}', 'failed (502): loading'],
    ['{"error":"loading"}', 'failed (502): loading'],
    ['{"message":"loading"}', 'failed (502): loading'],
    ['loading', 'failed (502): loading'],
    ['', 'failed (502): it gave no reason'],
  ])('the words of %j', async (body, words) => {
    const server = await startRawServer((_, response) => void response.writeHead(502).end(body));
    const error = await chat(llmAt(impatient(server.baseUrl))).catch((thrown: unknown) => thrown);
    await server.close();
    expect(error).toMatchObject({ code: 'server-failed', message: expect.stringMatching(/ failed \(502\): /) });
    expect((error as Error).message).toContain(words);
  });

  it('names the address that the request is sent on to, and sends no voice there', async () => {
    const { error, attempts } = await answering(307, '', { location: 'https://other.example/v1/chat' });
    expect(error).toMatchObject({ message: expect.stringContaining('https://other.example/v1/chat') });
    expect(attempts).toBe(1);
  });

  it('a recording that is too large can be shorter', async () => {
    const server = await startRawServer((_, response) => void response.writeHead(413).end());
    const error = transcribe(transcriberAt(impatient(server.baseUrl)));
    await expect(error).rejects.toMatchObject({ code: 'too-large', hint: expect.stringContaining('shorter turns') });
    await server.close();
  });

  it('does not wait longer than a moment for a retry', async () => {
    expect((await answering(429, says('Slow down'), { 'retry-after': '20' })).attempts).toBe(1);
    expect((await answering(429, says('Slow down'), { 'retry-after': '0' })).attempts).toBe(2);
    expect((await answering(429, says('Slow down'), { 'retry-after-ms': '5' })).attempts).toBe(2);
    expect((await answering(200, { error: { code: 502, message: 'Provider down' } })).attempts).toBe(2);
    expect((await answering(401, says('Incorrect API key'))).attempts).toBe(1);
    expect((await answering(400, says('maximum context length is 4096'))).attempts).toBe(1);
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

  it('knows a certificate that nobody vouches for', async () => {
    const server = createSecureServer({ cert: CERTIFICATE, key: PRIVATE_KEY }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const error = chat(llmAt(impatient(`https://localhost:${port}/v1`)));
    await expect(error).rejects.toMatchObject({ code: 'tls-failed', hint: expect.stringContaining('http://') });
    server.close();
  });

  it.each(['localhost:11434/v1', 'ftp://127.0.0.1/v1', 'not an address'])(
    'knows that “%s” is no address',
    async (address) => {
      await expect(chat(llmAt(impatient(address)))).rejects.toMatchObject({ stage: 'llm', code: 'bad-address' });
    },
  );

  it.each(['sk-ключ', 'sk-“quoted”', 'sk-two\nlines'])(
    'knows that %j is no key, and does not show it',
    async (apiKey) => {
      const server = await startRawServer(() => {});
      const error = await chat(llmAt({ ...impatient(server.baseUrl), apiKey })).catch((thrown: unknown) => thrown);
      await server.close();
      expect(error).toMatchObject({
        stage: 'llm',
        code: 'key-rejected',
        hint: expect.stringContaining('Copy it again'),
      });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(apiKey.slice(3, 6));
      expect(server.requests).toHaveLength(0);
    },
  );

  it.each([
    [' test-key\n', 'Bearer test-key'],
    ['', undefined],
    [' ', undefined],
  ])('sends the key %j without the blanks around it', async (apiKey, sent) => {
    const server = await startRawServer((_, response) => void response.writeHead(401).end());
    await expect(chat(llmAt({ ...impatient(server.baseUrl), apiKey }))).rejects.toMatchObject({ code: 'key-rejected' });
    await server.close();
    expect(server.requests[0]?.headers.authorization).toBe(sent);
  });

  it('never shows the key', async () => {
    const { error } = await answering(401, says('Incorrect API key provided'));
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('test-key');
  });
});
