/** A place in a room of a real server, kept through what servers and tokens do. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LinkState, type RoomAccess, RoomLink } from '../../../src-main/transport/livekit/room-link.ts';
import { LIVEKIT_SERVER, LiveKitServer, needsServer } from '../../support/livekit-server.ts';

interface Watched {
  /** @param state with the code of its fault */
  until(state: string): Promise<void>;
}

async function open(access: () => Promise<RoomAccess>): Promise<Watched> {
  let current = '';
  const watchers = new Set<() => void>();
  const link = await RoomLink.open({
    access,
    prepare: () => {},
    joined: async () => {},
    changed: (state: LinkState, fault) => {
      current = fault ? `${state} ${fault.code}` : state;
      for (const watcher of watchers) watcher();
    },
  });
  onTestFinished(() => link.close());
  return {
    async until(state) {
      while (current !== state) {
        await new Promise<void>((resolve) => watchers.add(resolve));
        watchers.clear();
      }
    },
  };
}

/** Of the SDK's one source of events. */
function listeners(): number {
  const { _ffiClientInstance: client } = globalThis as unknown as {
    _ffiClientInstance: { listenerCount(event: string): number };
  };
  return client.listenerCount('ffi_event');
}

describe.skipIf(!LIVEKIT_SERVER)(needsServer('A place in a room'), { timeout: 60_000 }, () => {
  it('is given up when the only token there is has expired, and nothing is left of the connection', async () => {
    const livekit = await LiveKitServer.start();
    const good = await livekit.token({ identity: 'agent', room: 'lab' });
    const expired = await livekit.token({ identity: 'agent', room: 'lab', ttl: -100 });
    let asked = 0;
    const link = await open(async () => ({ url: livekit.url, token: asked++ === 0 ? good : expired }));
    const connected = listeners();
    await livekit.kill();
    await link.until('reconnecting room-server-unreachable');
    await livekit.run();
    await link.until('disconnected room-token-expired');
    expect(listeners()).toBe(connected - 1);
  });

  it('leaves nobody behind when the server lets a connection in for which it was not waited any longer', async () => {
    // Nothing that is asked on the way in takes too long, all of it together does.
    const livekit = await LiveKitServer.start({ network: { loss: 0, delayMs: 1_200 } });
    const token = await livekit.token({ identity: 'agent', room: 'lab' });
    const refused = open(async () => ({ url: livekit.url, token }));
    await expect(refused).rejects.toMatchObject({ cause: { message: 'the server did not answer' } });
    const present = () => livekit.present('lab');
    expect(await present(), 'it is on its way').toEqual(['agent']);
    await expect.poll(present, { timeout: 25_000 }).toEqual([]);
  });
});
