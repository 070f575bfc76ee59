/**
 * Serves the page of guests in a shared conversation, and nothing else of Squelch: it has no way to the core. To this
 * machine alone when the room's server is on it; otherwise to whoever can reach it.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import sirv from 'sirv';
import { Fault } from '../fault.ts';
import { MAX_CONNECTIONS } from './connection-limit.ts';
import { guestPageHeaders } from './security-headers.ts';

const PAGE = '/guest.html';
const LOOPBACK = '127.0.0.1';

export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param windowFolder the built window: out/renderer
 * @param room address of the LiveKit server, which is all that the page may connect to
 * @throws Fault `window-not-built`
 */
export async function serveGuestPage(windowFolder: string, room: string): Promise<ServedPage> {
  if (!existsSync(join(windowFolder, PAGE))) {
    throw new Fault('window-not-built', 'The guests’ page has not been built yet.', {
      hint: 'Run `npm run build` first.',
    });
  }
  const files = sirv(windowFolder, { etag: true });
  const headers = guestPageHeaders(room);
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = request.url?.split('?', 1)[0] ?? '/';
    const missing = () => {
      response.writeHead(404).end();
    };
    if (path === PAGE || path.startsWith('/assets/')) files(request, response, missing);
    else missing();
  });
  server.maxConnections = MAX_CONNECTIONS;
  const address = isLoopback(room) ? LOOPBACK : '0.0.0.0';
  server.listen(0, address);
  await once(server, 'listening');
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address === LOOPBACK ? LOOPBACK : ownAddress()}:${port}${PAGE}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function isLoopback(room: string): boolean {
  const { hostname } = new URL(room);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** By which others on the network reach this machine. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? LOOPBACK;
}
