/** An agent that is told to go while it is still on its way into a room. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Job, JobStatus, Room, ServerMessage, WorkerMessage } from '@livekit/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { type App, createApp } from '../../../src-main/app.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import { LIVEKIT_SERVER, LiveKitServer, needsServer } from '../../support/livekit-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestWindow } from '../../support/test-window.ts';

async function startApp(environment: Record<string, string>): Promise<App> {
  const home = await temporaryFolder();
  const app = await createApp({ home, host: 'cli', secrets: createMemorySecretStore(), environment });
  onTestFinished(() => app.close());
  return app;
}

describe.skipIf(!LIVEKIT_SERVER)(needsServer('An agent on its way into a room'), { timeout: 60_000 }, () => {
  it('is not in it when Squelch has closed', async () => {
    const livekit = await LiveKitServer.start();
    for (const waitMs of [0, 20, 60, 120]) {
      const app = await startApp(livekit.environment);
      const serving = new TestWindow(app).invoke('room.serve', { room: 'studio' }).catch(() => null);
      await sleep(waitMs);
      await app.close();
      expect(await livekit.present('studio'), `closed after ${waitMs} ms`).toEqual([]);
      await serving;
      expect(await livekit.present('studio'), `served after ${waitMs} ms`).toEqual([]);
    }
  });

  it('leaves again when its job was ended meanwhile', async () => {
    const livekit = await LiveKitServer.start();
    const token = await livekit.token({ identity: 'agent-J_1', room: 'studio', agent: true });
    const statuses: JobStatus[] = [];
    const dispatcher = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    onTestFinished(() => dispatcher.close());
    await once(dispatcher, 'listening');
    dispatcher.on('connection', (worker) => {
      onTestFinished(() => worker.terminate());
      const send = (message: NonNullable<ConstructorParameters<typeof ServerMessage>[0]>['message']) =>
        worker.send(new ServerMessage(message ? { message } : {}).toBinary());
      worker.on('message', (data: Buffer) => {
        const { message } = WorkerMessage.fromBinary(data);
        if (message.case === 'updateJob') statuses.push(message.value.status);
        if (message.case !== 'register') return;
        send({ case: 'register', value: { workerId: 'AW_1' } });
        const job = new Job({ id: 'J_1', room: new Room({ name: 'studio' }) });
        send({ case: 'assignment', value: { job, url: livekit.url, token } });
        send({ case: 'termination', value: { jobId: 'J_1' } });
      });
    });
    const { port } = dispatcher.address() as AddressInfo;
    const app = await startApp({ ...livekit.environment, LIVEKIT_URL: `ws://127.0.0.1:${port}` });
    await new TestWindow(app).invoke('room.work', { name: 'squelch' });
    // Long before it would have gone because nobody is there.
    await expect.poll(() => statuses, { timeout: 10_000 }).toEqual([JobStatus.JS_RUNNING, JobStatus.JS_SUCCESS]);
    expect(await livekit.present('studio')).toEqual([]);
  });
});
