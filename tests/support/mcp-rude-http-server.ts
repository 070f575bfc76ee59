/** A tool server behind a URL, written by hand: it answers whatever a test wants it to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly id?: number;
  readonly method: string;
}

export interface RudeHttpServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** @param rude answers in the server's place; returns false where it shall behave */
export async function startRudeHttpServer(
  tools: readonly object[],
  rude: (asked: Asked, response: ServerResponse, request: IncomingMessage) => boolean,
): Promise<RudeHttpServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    requests.push(request);
    if (request.method !== 'POST') return response.writeHead(405).end();
    const asked = JSON.parse(await text(request)) as Asked;
    if (rude(asked, response, request)) return;
    if (asked.id === undefined) return response.writeHead(202).end();
    answer(response, asked, resultOf(asked, tools));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    requests,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export function answer(response: ServerResponse, { id }: Asked, result: object): void {
  response
    .writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'one' })
    .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}

/** Sends without an end, as fast as it is read. */
export function flood(response: ServerResponse, contentType: string, piece: string): void {
  response.writeHead(200, { 'content-type': contentType });
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}

function resultOf({ method }: Asked, tools: readonly object[]): object {
  if (method === 'tools/list') return { tools };
  if (method === 'tools/call') return { content: [{ type: 'text', text: 'yes' }] };
  const serverInfo = { name: 'rude', version: '1' };
  return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo };
}
