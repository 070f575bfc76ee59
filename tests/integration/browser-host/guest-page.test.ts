/** The guests' page is open to whoever can reach it: it serves itself, and nothing else of Squelch. */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { serveGuestPage } from '../../../src-main/hosts/serve-guest-page.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOM = 'ws://127.0.0.1:7880';

async function serve() {
  const folder = await temporaryFolder();
  const windowFolder = join(folder, 'window');
  await mkdir(join(windowFolder, 'assets'), { recursive: true });
  for (const page of ['guest.html', 'index.html', 'assets/guest-abc.js']) {
    await writeFile(join(windowFolder, page), page);
  }
  await writeFile(join(folder, 'secret.txt'), 'not for guests');
  const page = await serveGuestPage(windowFolder, ROOM);
  onTestFinished(() => page.close());
  const { port } = new URL(page.url);
  /** The path goes out exactly as given. */
  const ask = (path: string, method = 'GET') =>
    new Promise<{ status: number; policy: string }>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method }, (response) => {
        const { statusCode = 0, headers } = response.resume();
        resolve({ status: statusCode, policy: String(headers['content-security-policy']) });
      })
        .on('error', reject)
        .end();
    });
  return { url: page.url, port: Number(port), ask };
}

test('it may talk to its room and nothing else', async () => {
  const { url, ask } = await serve();
  const { status, policy } = await ask(new URL(url).pathname);
  expect(status).toBe(200);
  expect(policy).toContain("connect-src 'self' ws://127.0.0.1:7880 http://127.0.0.1:7880;");
  expect(policy).toContain("frame-ancestors 'none'");
  expect((await ask('/assets/guest-abc.js')).status).toBe(200);
});

test.each([
  '/',
  '/index.html',
  '/open/token',
  '/recordings/turn-1/user.wav',
  '/assets/../index.html',
  '/assets/..%2findex.html',
  '/assets/..%2f..%2fsecret.txt',
  '/assets/../../secret.txt',
  '//guest.html',
])('%s is nothing', async (path) => {
  const { ask } = await serve();
  expect((await ask(path)).status).toBe(404);
});

test('it takes only so many connections at a time', async () => {
  const { port, ask } = await serve();
  const opened: Socket[] = [];
  const open = async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    opened.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  for (let count = 0; count < 128; count++) await open();
  await once(await open(), 'close');
  for (const socket of opened) socket.destroy();
  const status = () => ask('/guest.html').then(({ status }) => status);
  await expect.poll(() => status().catch(() => null)).toBe(200);
});
