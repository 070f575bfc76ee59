/**
 * The browser host: the window and the core over HTTP and one WebSocket, on 127.0.0.1 alone. Everything but the
 * printed link needs the cookie that the link gives; everything needs our own name as Host.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import sirv from 'sirv';
import { WebSocketServer } from 'ws';
import type { App } from '../../app.ts';
import { Fault } from '../../fault.ts';
import { MAX_CONNECTIONS } from '../connection-limit.ts';
import { downloadResponse } from '../downloads.ts';
import { securityHeaders } from '../security-headers.ts';
import { Admission } from './admission.ts';
import { LOCKED, NOT_FOUND, type PlainPage, READ_ONLY, WRONG_HOST } from './pages.ts';
import { connectSocket, dismissSocket, MAX_MESSAGE_BYTES } from './socket.ts';

const ADDRESS = '127.0.0.1';
const MAX_WINDOWS = 8;
/** A window that has not gone by then is cut off. */
const FAREWELL_MS = 1_000;
const SWEEP_MS = 20;
const OPEN = '/open/';

export interface BrowserHostOptions {
  readonly app: App;
  /** The built window: out/renderer. */
  readonly windowFolder: string;
  /** 0 takes any free one. */
  readonly port: number;
}

export interface BrowserHost {
  readonly port: number;
  /** Makes a link that lets one browser in, once; the link before it stops working. */
  issueLink(): string;
  /** Stops listening and sends every window away. The app stays open: it is its maker's to close. */
  close(): Promise<void>;
}

/** @throws Fault `port-in-use`, `port-refused`, `window-not-built` */
export async function serveBrowser({ app, windowFolder, port: wantedPort }: BrowserHostOptions): Promise<BrowserHost> {
  if (!existsSync(join(windowFolder, 'index.html'))) {
    throw new Fault('window-not-built', 'The window has not been built yet.', { hint: 'Run `npm run build` first.' });
  }
  const server = createServer();
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, wantedPort);
  const { port } = server.address() as AddressInfo;

  const admission = new Admission(port);
  const socketOrigins = [`ws://127.0.0.1:${port}`, `ws://localhost:${port}`];
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const files = sirv(windowFolder, {
    etag: true,
    setHeaders: (response, path) => {
      response.setHeader('cache-control', path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache');
    },
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, headers } = request;
    const pathname = request.url?.split('?', 1)[0] ?? '/';
    const security = securityHeaders(pathname, socketOrigins, app.roomUrl);
    for (const [name, value] of Object.entries(security)) response.setHeader(name, value);
    if (!admission.isOurHost(headers.host)) return say(response, WRONG_HOST);
    if (method !== 'GET' && method !== 'HEAD') return say(response, READ_ONLY);
    if (pathname.startsWith(OPEN) && method === 'GET') {
      const cookie = admission.redeem(pathname.slice(OPEN.length));
      // Whoever follows the link a second time is let in already.
      if (!cookie && !admission.admits(headers.cookie)) return say(response, LOCKED);
      const given = cookie ? { 'set-cookie': cookie } : {};
      response.writeHead(303, { location: '/', ...given, 'cache-control': 'no-store' }).end();
      return;
    }
    if (!admission.admits(headers.cookie)) return say(response, LOCKED);
    const range = headers.range ?? null;
    const download = await downloadResponse(app, { pathname, range, headOnly: method === 'HEAD' });
    if (download) return send(response, download);
    files(request, response, () => say(response, NOT_FOUND));
  };

  server.on('request', (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    const { host, origin, cookie } = request.headers;
    const allowed = request.url === '/ws' && admission.isOurOrigin(origin, host) && admission.admits(cookie);
    if (!allowed || sockets.clients.size >= MAX_WINDOWS) {
      refuse(socket, allowed ? '503 Service Unavailable' : '403 Forbidden');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => connectSocket(app, webSocket));
  });

  return {
    port,
    issueLink: () => admission.issueLink(),
    close: async () => {
      const gone = [...sockets.clients].map((socket) => {
        dismissSocket(socket);
        return once(socket, 'close');
      });
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection that has just answered becomes idle a moment later.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const patience = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, FAREWELL_MS);
      await Promise.all([closed, ...gone]);
      clearInterval(sweep);
      clearTimeout(patience);
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(
        new Fault(
          inUse ? 'port-in-use' : 'port-refused',
          `Port ${port} ${inUse ? 'is in use' : 'can not be opened'}.`,
          {
            hint: inUse
              ? 'Another Squelch may be running: use that one, stop it, or choose another port with --port.'
              : 'Choose another port with --port, above 1023.',
            cause: error,
          },
        ),
      );
    });
    server.listen(port, ADDRESS, resolve);
  });
}

/** The server has let go of the socket: nobody else hears its errors, or ends a connection that its client holds open. */
function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
}

function say(response: ServerResponse, page: PlainPage): void {
  response.writeHead(page.status, page.headers).end(page.body);
}

async function send(response: ServerResponse, { status, headers, body }: Response): Promise<void> {
  response.writeHead(status, Object.fromEntries(headers));
  if (body) await pipeline(Readable.fromWeb(body as ReadableStream<Uint8Array>), response);
  else response.end();
}
