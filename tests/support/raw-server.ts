/** A server that says exactly what a test puts in its mouth, for answers that no proper implementation would give. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface RawServer {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly requests: readonly RawRequest[];
  close(): Promise<void>;
}

/** @param answer is called with each request and its number, from 0. */
export async function startRawServer(
  answer: (request: RawRequest, response: ServerResponse, index: number) => void | Promise<void>,
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString('latin1');
    const received = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    await answer(received, response, requests.push(received) - 1);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Sends `parts` as separate chunks of one body. */
export async function sendParts(
  response: ServerResponse,
  contentType: string | null,
  parts: readonly (string | Uint8Array)[],
): Promise<void> {
  response.writeHead(200, contentType ? { 'content-type': contentType } : {});
  for (const part of parts) {
    response.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}
