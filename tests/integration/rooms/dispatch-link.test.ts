/** A worker's connection, at a server that does what no server should: by its protocol, over a real WebSocket. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ServerMessage, WorkerMessage } from '@livekit/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { DispatchLink } from '../../../src-main/app/rooms/dispatch-link.ts';

interface Dispatcher {
  /** Every connection that registered, first first. */
  readonly workers: WebSocket[];
  /** Codes of what the worker's owner was told; null for all is well. */
  readonly told: (string | null)[];
  readonly link: DispatchLink;
}

async function open(): Promise<Dispatcher> {
  const workers: WebSocket[] = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    for (const worker of server.clients) worker.terminate();
    server.close();
  });
  await once(server, 'listening');
  server.on('connection', (worker) => {
    worker.on('message', (data: Buffer) => {
      if (WorkerMessage.fromBinary(data).message.case !== 'register') return;
      const value = { workerId: `AW_${workers.push(worker)}` };
      worker.send(new ServerMessage({ message: { case: 'register', value } }).toBinary());
    });
  });
  const { port } = server.address() as AddressInfo;
  const told: (string | null)[] = [];
  const link = await DispatchLink.open({
    server: { url: `ws://127.0.0.1:${port}`, apiKey: 'key', apiSecret: 'secret' },
    name: 'squelch',
    work: async () => {},
    terminate: () => {},
    changed: (fault) => told.push(fault?.code ?? null),
    heartbeatMs: 200,
  });
  onTestFinished(() => link.close());
  return { workers, told, link };
}

it('comes back after a message that is none', async () => {
  const { workers, told, link } = await open();
  workers[0]?.send(Buffer.from([0xff, 0xff, 0xff, 0xff]));
  await expect.poll(() => workers.length, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => told).toEqual([null, 'room-connection-lost', null]);
  expect(link.workerId).toBe('AW_2');
});

it('comes back when the server falls silent and its socket stays open', async () => {
  const { workers, told } = await open();
  workers[0]?.pause();
  await expect.poll(() => workers.length, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => told).toEqual([null, 'room-connection-lost', null]);
});
