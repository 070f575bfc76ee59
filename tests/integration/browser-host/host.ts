/** Starts the browser host on a free port, and asks it things that a browser's fetch would not let us ask. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { serveBrowser } from '../../../src-main/hosts/browser/serve.ts';
import { createEchoApp, type EchoApp } from '../../support/echo-app.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface TestHost {
  readonly port: number;
  readonly app: EchoApp;
  issueLink(): string;
  close(): Promise<void>;
  /** One raw request; the path goes out exactly as given. */
  ask(path: string, options?: { method?: string; headers?: OutgoingHttpHeaders }): Promise<Answer>;
  /** Opens a link as a browser would. @returns the Cookie header it has afterwards. */
  enter(): Promise<string>;
}

export const RECORDING = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 251));

export async function startHost(): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), 'squelch-host-'));
  const windowFolder = join(folder, 'window');
  await mkdir(join(windowFolder, 'assets'), { recursive: true });
  await writeFile(join(windowFolder, 'index.html'), '<!doctype html><title>Squelch</title>');
  await writeFile(join(windowFolder, 'assets', 'index-abc.js'), 'export {}');
  await writeFile(join(folder, 'secret.txt'), 'not for the window');
  await writeFile(join(folder, 'take.wav'), RECORDING);

  const app = createEchoApp({ 'turn-1': join(folder, 'take.wav'), gone: join(folder, 'gone.wav') });
  const host = await serveBrowser({ app, windowFolder, port: 0 });
  onTestFinished(async () => {
    app.release();
    await host.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ask: TestHost['ask'] = (path, { method = 'GET', headers = {} } = {}) =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end();
    });

  return {
    port: host.port,
    app,
    issueLink: () => host.issueLink(),
    close: () => host.close(),
    ask,
    enter: async () => {
      const { headers } = await ask(new URL(host.issueLink()).pathname);
      return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    },
  };
}
