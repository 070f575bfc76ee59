import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serveBrowser } from '../../../src-main/hosts/browser/serve.ts';
import { createEchoApp } from '../../support/echo-app.ts';
import { startHost } from './host.ts';

describe('the printed link', () => {
  test('lets one browser in, with a cookie that scripts can not read and other sites can not send', async () => {
    const host = await startHost();
    const { status, headers } = await host.ask(new URL(host.issueLink()).pathname);
    expect(status).toBe(303);
    expect(headers.location).toBe('/');
    expect(headers['set-cookie']?.[0]).toMatch(/^squelch-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
  });

  test('works once', async () => {
    const host = await startHost();
    const path = new URL(host.issueLink()).pathname;
    await host.ask(path);
    const second = await host.ask(path);
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('leads to the window again in the browser that it let in', async () => {
    const host = await startHost();
    const path = new URL(host.issueLink()).pathname;
    const cookie = (await host.ask(path)).headers['set-cookie']?.[0]?.split(';')[0];
    const { status, headers } = await host.ask(path, { headers: { cookie } });
    expect([status, headers.location, headers['set-cookie']]).toEqual([303, '/', undefined]);
  });

  test('stops working when a newer one is made; browsers that are in stay in', async () => {
    const host = await startHost();
    const cookie = await host.enter();
    const older = new URL(host.issueLink()).pathname;
    host.issueLink();
    expect((await host.ask(older)).status).toBe(401);
    expect((await host.ask('/', { headers: { cookie } })).status).toBe(200);
  });

  test.each(['/open/', '/open/AAAA', `/open/${'A'.repeat(43)}`])('%s lets nobody in', async (path) => {
    const host = await startHost();
    host.issueLink();
    expect((await host.ask(path)).status).toBe(401);
  });
});

describe('without the cookie', () => {
  test.each(['/', '/assets/index-abc.js', '/recordings/turn-1/user.wav', '/nowhere'])('%s is locked', async (path) => {
    const host = await startHost();
    const { status, body } = await host.ask(path);
    expect(status).toBe(401);
    expect(body.toString()).toContain('Open the link that was printed in the terminal');
  });

  test.each([
    ['another value', 'squelch-PORT=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['no value', 'squelch-PORT='],
    ['another name', 'session=x'],
  ])('a cookie with %s opens nothing', async (_, cookie) => {
    const host = await startHost();
    await host.enter();
    const headers = { cookie: cookie.replace('PORT', String(host.port)) };
    expect((await host.ask('/', { headers })).status).toBe(401);
  });
});

describe('the Host header', () => {
  test.each(['127.0.0.1', 'localhost'])('may say %s with our port', async (name) => {
    const host = await startHost();
    const cookie = await host.enter();
    const { status } = await host.ask('/', { headers: { cookie, host: `${name}:${host.port}` } });
    expect(status).toBe(200);
  });

  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example:PORT',
    '[::1]:PORT',
  ])('%s is refused, even with the cookie and the link', async (name) => {
    const host = await startHost();
    const cookie = await host.enter();
    const headers = { cookie, host: name.replace('PORT', String(host.port)) };
    expect((await host.ask('/', { headers })).status).toBe(421);
    expect((await host.ask(new URL(host.issueLink()).pathname, { headers })).status).toBe(421);
  });
});

describe('the port', () => {
  test('in use: a fault that says so', async () => {
    const host = await startHost();
    const windowFolder = import.meta.dirname;
    const folder = await mkdtemp(join(tmpdir(), 'squelch-host-'));
    await writeFile(join(folder, 'index.html'), '');
    await expect(serveBrowser({ app: createEchoApp(), windowFolder: folder, port: host.port })).rejects.toMatchObject({
      code: 'port-in-use',
      hint: expect.stringContaining('--port'),
    });
    await rm(folder, { recursive: true });
    await expect(serveBrowser({ app: createEchoApp(), windowFolder, port: 0 })).rejects.toMatchObject({
      code: 'window-not-built',
    });
  });

  test('takes only so many connections at a time', async () => {
    const host = await startHost();
    const opened: Socket[] = [];
    const open = async () => {
      const socket = connect(host.port, '127.0.0.1').on('error', () => {});
      opened.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    for (let count = 0; count < 128; count++) await open();
    await once(await open(), 'close');
    for (const socket of opened) socket.destroy();
    await expect
      .poll(() =>
        host.ask('/').then(
          ({ status }) => status,
          () => null,
        ),
      )
      .toBe(401);
  });

  test('is open on 127.0.0.1 alone', async () => {
    const host = await startHost();
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) {
      await expect(fetch(`http://${address}:${host.port}/`)).rejects.toThrow();
    }
  });
});
