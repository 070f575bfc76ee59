import { describe, expect, test } from 'vitest';
import { RECORDING, startHost } from './host.ts';

describe('the window', () => {
  test('is served with a policy that allows its own files and its own socket, nothing else', async () => {
    const host = await startHost();
    const { status, headers, body } = await host.ask('/', { headers: { cookie: await host.enter() } });
    expect(status).toBe(200);
    expect(body.toString()).toContain('<title>Squelch</title>');
    expect(headers['content-type']).toMatch(/^text\/html/);
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${host.port} ws://localhost:${host.port};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
  });

  test.each(['/', '/assets/index-abc.js', '/nowhere', '/open/wrong'])(
    '%s carries every security header',
    async (path) => {
      const host = await startHost();
      const { headers } = await host.ask(path, { headers: { cookie: await host.enter() } });
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('microphone=(self)'),
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
    },
  );

  test('is cached for ever where its name carries a hash, and asked for again where not', async () => {
    const host = await startHost();
    const headers = { cookie: await host.enter() };
    expect((await host.ask('/assets/index-abc.js', { headers })).headers['cache-control']).toContain('immutable');
    expect((await host.ask('/', { headers })).headers['cache-control']).toBe('no-cache');
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/nowhere',
    '/assets/',
    '/.env',
    '/%',
  ])('%s leads nowhere', async (path) => {
    const host = await startHost();
    const { status, body } = await host.ask(path, { headers: { cookie: await host.enter() } });
    expect(status).toBe(404);
    expect(body.toString()).not.toContain('not for the window');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is refused', async (method) => {
    const host = await startHost();
    const { status, headers } = await host.ask('/', { method, headers: { cookie: await host.enter() } });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });
});

describe('a recording', () => {
  const PATH = '/recordings/turn-1/user.wav';

  async function askFor(range: string | null, method = 'GET') {
    const host = await startHost();
    const headers = { cookie: await host.enter(), ...(range === null ? {} : { range }) };
    return host.ask(PATH, { headers, method });
  }

  test('comes whole', async () => {
    const { status, headers, body } = await askFor(null);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'audio/wav',
      'accept-ranges': 'bytes',
      'content-length': '1000',
      'cache-control': 'no-store',
    });
    expect(body).toEqual(RECORDING);
  });

  test.each([
    ['bytes=0-99', 0, 99],
    ['bytes=900-', 900, 999],
    ['bytes=990-5000', 990, 999],
    ['bytes=-10', 990, 999],
    ['bytes=-5000', 0, 999],
    ['bytes=0-0', 0, 0],
  ])('comes in parts: %s', async (range, first, last) => {
    const { status, headers, body } = await askFor(range);
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${first}-${last}/1000`);
    expect(headers['content-length']).toBe(String(last - first + 1));
    expect(body).toEqual(RECORDING.subarray(first, last + 1));
  });

  test.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('%s lies outside', async (range) => {
    const { status, headers, body } = await askFor(range);
    expect(status).toBe(416);
    expect(headers['content-range']).toBe('bytes */1000');
    expect(body.length).toBe(0);
  });

  test.each(['bytes=10-5', 'bytes=a-b', 'items=0-5', 'bytes=0-1,5-6', 'bytes=-'])('%s is ignored', async (range) => {
    expect((await askFor(range)).status).toBe(200);
  });

  test('HEAD tells its length', async () => {
    const { status, headers, body } = await askFor(null, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, '1000', 0]);
  });

  test.each([
    '/recordings/turn-1/agent.wav',
    '/recordings/turn-1/mixed.wav',
    '/recordings/turn-2/user.wav',
    '/recordings/gone/user.wav',
    '/recordings/turn-1/user.mp3',
    '/recordings/..%2f..%2fsecret/user.wav',
    '/recordings/%ff/user.wav',
    '/recordings/__proto__/user.wav',
  ])('%s is none', async (path) => {
    const host = await startHost();
    expect((await host.ask(path, { headers: { cookie: await host.enter() } })).status).toBe(404);
  });
});
