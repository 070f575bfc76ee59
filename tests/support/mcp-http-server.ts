/** A tool server behind a URL, over streamable HTTP, with sessions that a restart forgets. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { makeToolServer } from './mcp-tools.ts';

export interface HttpToolServer {
  readonly url: string;
  /** How many sessions it knows. */
  readonly sessions: number;
  /** Forgets every session, as a restart does. */
  forget(): void;
  close(): Promise<void>;
}

export async function startHttpToolServer(): Promise<HttpToolServer> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (known) return known.handleRequest(request, response);
    if (id !== undefined) return response.writeHead(404).end();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => void sessions.set(session, transport),
    });
    // Not before the answer has begun: what is cut off then is the stream of it.
    const die = () => {
      setTimeout(() => {
        server.close();
        server.closeAllConnections();
      }, 100);
    };
    await makeToolServer({ die }).connect(transport as Transport);
    return transport.handleRequest(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    get sessions() {
      return sessions.size;
    },
    forget: () => sessions.clear(),
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
