import { once } from 'node:events';
import { createConnection } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { MAX_MESSAGE_BYTES } from '../../../src-main/hosts/browser/socket.ts';
import type { SocketMessage } from '../../../src-preload/contract.ts';
import { startHost, type TestHost } from './host.ts';

async function connect(host: TestHost, cookie?: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/ws`, {
    headers: { cookie: cookie ?? (await host.enter()), origin: `http://127.0.0.1:${host.port}`, ...headers },
  });
  await once(socket, 'open');
  return socket;
}

/** Status with which the upgrade was refused. */
async function refusal(host: TestHost, path: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers });
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  return response.statusCode;
}

async function next(socket: WebSocket): Promise<SocketMessage> {
  const [data] = await once(socket, 'message');
  return JSON.parse(data.toString());
}

describe('the upgrade', () => {
  test.each([
    ['another site', 'https://evil.example'],
    ['another port', 'http://127.0.0.1:1'],
    ['our other name', 'http://localhost:PORT'],
    ['https', 'https://127.0.0.1:PORT'],
    ['null', 'null'],
  ])('is refused to an origin that is %s', async (_, origin) => {
    const host = await startHost();
    const headers = { cookie: await host.enter(), origin: origin.replace('PORT', String(host.port)) };
    expect(await refusal(host, '/ws', headers)).toBe(403);
  });

  test('is refused without an origin, without the cookie, under another host, at another path', async () => {
    const host = await startHost();
    const cookie = await host.enter();
    const origin = `http://127.0.0.1:${host.port}`;
    expect(await refusal(host, '/ws', { cookie })).toBe(403);
    expect(await refusal(host, '/ws', { origin })).toBe(403);
    expect(await refusal(host, '/ws', { cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(403);
    expect(await refusal(host, '/other', { cookie, origin })).toBe(403);
  });

  test('is refused for good to who resets the connection, and to who holds it open', async () => {
    const host = await startHost();
    const knock = async () => {
      const socket = createConnection({ host: '127.0.0.1', port: host.port, allowHalfOpen: true });
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(
        `GET /ws HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      );
      return socket;
    };
    for (let count = 0; count < 50; count++) (await knock()).resetAndDestroy();
    const held = await knock();
    await once(held.resume(), 'end');
    expect((await host.ask('/')).status).toBe(401);
    await host.close();
    held.destroy();
  });

  test('is refused to a ninth window', async () => {
    const host = await startHost();
    const cookie = await host.enter();
    for (let count = 0; count < 8; count++) await connect(host, cookie);
    const origin = `http://127.0.0.1:${host.port}`;
    expect(await refusal(host, '/ws', { cookie, origin })).toBe(503);
  });
});

describe('the socket', () => {
  test('answers commands by their id, in any order', async () => {
    const host = await startHost();
    const socket = await connect(host);
    socket.send(JSON.stringify({ id: 1, name: 'hang', input: {} }));
    socket.send(JSON.stringify({ id: 2, name: 'app.get', input: { a: 1 } }));
    expect(await next(socket)).toEqual({ id: 2, output: { name: 'app.get', input: { a: 1 } } });
    host.app.release();
    expect(await next(socket)).toMatchObject({ id: 1 });
  });

  test('answers a fault as a fault, and a bug without its stack', async () => {
    const host = await startHost();
    const socket = await connect(host);
    socket.send(JSON.stringify({ id: 1, name: 'fail', input: {} }));
    expect(await next(socket)).toEqual({
      id: 1,
      fault: { stage: 'stt', code: 'broken', message: 'It broke.', hint: 'Mend it.' },
    });
    socket.send(JSON.stringify({ id: 2, name: 'bug', input: {} }));
    const answer = await next(socket);
    expect(answer).toMatchObject({ id: 2, fault: { code: 'unexpected' } });
    expect(JSON.stringify(answer)).not.toContain('.ts:');
  });

  test('brings events and sound, and takes sound', async () => {
    const host = await startHost();
    const socket = await connect(host);
    socket.send(new Uint8Array([1, 2, 3, 4]));
    await expect.poll(() => host.app.received).toEqual([new Uint8Array([1, 2, 3, 4])]);
    const [end] = host.app.windows;
    end?.event('conversation.changed', { phase: 'idle' });
    expect(await next(socket)).toEqual({ event: 'conversation.changed', payload: { phase: 'idle' } });
    end?.packet(new Uint8Array([5, 6]).buffer);
    const [sound, isBinary] = await once(socket, 'message');
    expect([[...sound], isBinary]).toEqual([[5, 6], true]);
  });

  test.each(['{', '[]', '{"id":1}', '{"id":-1,"name":"x","input":{}}', '{"id":1,"name":"x","input":{},"more":1}'])(
    'closes on what is no request: %s',
    async (text) => {
      const host = await startHost();
      const socket = await connect(host);
      socket.send(text);
      const [code] = await once(socket, 'close');
      expect(code).toBe(1007);
      await expect.poll(() => host.app.windows.size).toBe(0);
    },
  );

  test('closes on a message over its limit', async () => {
    const host = await startHost();
    const socket = await connect(host);
    socket.send(new Uint8Array(MAX_MESSAGE_BYTES + 1));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
    expect(host.app.received).toEqual([]);
  });

  test('takes only so many commands at a time', async () => {
    const host = await startHost();
    const socket = await connect(host);
    for (let id = 0; id < 65; id++) socket.send(JSON.stringify({ id, name: 'hang', input: {} }));
    expect(await next(socket)).toMatchObject({ id: 64, fault: { code: 'too-many-commands' } });
  });

  test('drops a window that does not read, and the core hears of it', async () => {
    const host = await startHost();
    const socket = await connect(host);
    socket.pause();
    const [end] = host.app.windows;
    await expect
      .poll(() => {
        for (let count = 0; count < 64; count++) end?.packet(new ArrayBuffer(1024 * 1024));
        return host.app.windows.size;
      })
      .toBe(0);
    socket.terminate();
  });

  test('tells the core when the window is gone', async () => {
    const host = await startHost();
    const socket = await connect(host);
    expect(host.app.windows.size).toBe(1);
    socket.terminate();
    await expect.poll(() => host.app.windows.size).toBe(0);
  });

  test('says good-bye when the host stops, even to a window that does not answer', async () => {
    const host = await startHost();
    const cookie = await host.enter();
    const polite = await connect(host, cookie);
    const deaf = await connect(host, cookie);
    deaf.pause();
    const closed = once(polite, 'close');
    await host.close();
    expect((await closed)[0]).toBe(1001);
    expect(host.app.windows.size).toBe(0);
    deaf.terminate();
  });
});
