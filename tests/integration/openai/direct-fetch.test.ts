import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { pooled } from '../../../src-main/providers/openai/connection.ts';
import { directFetch } from '../../../src-main/providers/openai/direct-fetch.ts';

const BODY = new TextEncoder().encode('{"question":"what time is it?"}');

test('sends the bytes and the headers as they are, and brings back head and body', async () => {
  const url = await serve(async (request, response) => {
    const sent = (await buffer(request)).toString();
    response.writeHead(201, { 'content-type': 'application/json', 'x-request-id': 'r1', 'set-cookie': ['a=1', 'b=2'] });
    response.end(
      JSON.stringify({ sent, url: request.url, method: request.method, key: request.headers.authorization }),
    );
  });
  const answer = await post(`${url}/v1/chat?x=1`);
  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-request-id')).toBe('r1');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  const sent = new TextDecoder().decode(BODY);
  expect(await answer.json()).toEqual({ sent, url: '/v1/chat?x=1', method: 'POST', key: 'Bearer k' });
});

test('loses nothing of a long answer that is read slowly', async () => {
  const long = Buffer.alloc(3_000_000, 'abcdefg');
  const url = await serve((_request, response) => response.end(long));
  const { body } = await post(url);
  const pieces: Uint8Array[] = [];
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(Buffer.concat(pieces).equals(long)).toBe(true);
});

test('follows with the same question within its server, once, and nowhere else', async () => {
  const asked: string[] = [];
  const url = await serve(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const away = request.url === '/away' ? 'http://127.0.0.1:1/' : '/round';
    if (request.url === '/old') response.writeHead(308, { location: '/new' }).end('moved');
    else if (request.url === '/new') response.end(await buffer(request));
    else response.writeHead(request.url === '/other' ? 302 : 307, { location: away }).end();
  });
  expect(await (await post(`${url}/old`)).bytes()).toEqual(BODY);
  expect((await post(`${url}/round`)).status).toBe(307);
  expect((await post(`${url}/away`)).status).toBe(307);
  expect((await post(`${url}/other`)).status).toBe(302);
  expect(asked).toEqual(['/old', '/new', '/round', '/round', '/away', '/other'].map((path) => `POST ${path}`));
});

test.each([
  ['gzip', gzipSync],
  ['X-GZIP', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('asks for nothing packed, and unpacks %s all the same, as it comes', async (packing, pack) => {
  let asked: unknown;
  const words = 'words '.repeat(20_000);
  const url = await serve(async (request, response) => {
    asked = request.headers['accept-encoding'];
    response.writeHead(200, { 'content-encoding': packing });
    const packed = pack(words);
    for (let at = 0; at < packed.length; at += 7) {
      response.write(packed.subarray(at, at + 7));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  expect(await (await post(url)).text()).toBe(words);
  expect(asked).toBe('identity');
});

test.each(['gzip', 'br', 'zstd'])('says when it can not unpack %s', async (packing) => {
  const url = await serve((_request, response) =>
    response.writeHead(200, { 'content-encoding': packing }).end('words'),
  );
  await expect((await post(url)).text()).rejects.toThrow(packing);
});

test('frees the connection of a packed answer that was not read to its end, and names its loss', async () => {
  let closed = 0;
  const begun = gzipSync(randomBytes(100_000)).subarray(0, 50_000);
  const url = await serve((request, response) => {
    request.socket.once('close', () => closed++);
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 100_000 }).write(begun);
    if (request.url === '/gone') setTimeout(() => response.destroy(), 20);
  });
  const reader = (await post(url)).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await expect.poll(() => closed).toBe(1);
  await expect((await post(`${url}/gone`)).text()).rejects.toMatchObject({ name: 'TypeError', message: 'terminated' });
});

test('takes an answer without a body', async () => {
  const url = await serve((_request, response) => response.writeHead(204).end());
  expect((await post(url)).body).toBe(null);
});

test('ends with the reason of its signal, before the head and after it', async () => {
  const reason = new Error('nobody waits any more');
  const early = new AbortController();
  const silent = await serve(() => early.abort(reason));
  await expect(post(silent, early.signal)).rejects.toBe(reason);
  await expect(post(silent, AbortSignal.abort(reason))).rejects.toBe(reason);

  const late = new AbortController();
  const slow = await serve((_request, response) => response.write('first'));
  const answer = await post(slow, late.signal);
  late.abort(reason);
  await expect(answer.text()).rejects.toBe(reason);
});

test('names the cause when there is no server, and when it goes away, as fetch does', async () => {
  const gone = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('first');
    setImmediate(() => response.destroy());
  });
  await expect((await post(gone)).text()).rejects.toMatchObject({ name: 'TypeError', message: 'terminated' });
  await expect(post('http://127.0.0.1:1/')).rejects.toMatchObject({
    message: 'fetch failed',
    cause: { code: 'ECONNREFUSED' },
  });
});

test('frees the connection of an answer that was not read to its end', async () => {
  let closed = 0;
  const url = await serve((request, response) => {
    request.socket.once('close', () => closed++);
    response.write('first');
  });
  await (await post(url)).body?.cancel();
  await expect.poll(() => closed).toBe(1);
});

function post(url: string, signal: AbortSignal | null = null): Promise<Response> {
  return directFetch(url, { ...pooled, method: 'POST', body: BODY, signal, headers: { authorization: 'Bearer k' } });
}

/** @returns its address */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
