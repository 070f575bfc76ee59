import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gather } from '../../support/crowd.ts';
import { LIVEKIT_SERVER, LiveKitServer, needsServer } from '../../support/livekit-server.ts';
import { startApp } from '../../support/running-app.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SESSIONS = 20;
const ROOMS = Array.from({ length: SESSIONS }, (_, index) => `room-${index}`);

describe.skipIf(!LIVEKIT_SERVER)(needsServer('Twenty rooms in one process'), { timeout: 180_000 }, () => {
  it('answer everybody at once, each in a session of its own', async () => {
    const livekit = await LiveKitServer.start();
    const { window } = await startApp(await temporaryFolder(), { transcript: 'What?', reply: 'I can listen.' });
    const memory = () => process.memoryUsage().rss / 2 ** 20;
    const before = memory();
    for (const room of ROOMS) {
      const token = await livekit.token({ identity: 'agent', room, agent: true });
      await window.invoke('room.serve', { url: livekit.url, room, token });
    }
    const served = memory();
    const crowd = await gather(
      livekit.url,
      await Promise.all(ROOMS.map((room) => livekit.token({ identity: 'anna', room }))),
    );
    onTestFinished(() => crowd.stop());
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    expect(await crowd.speak()).toBe(SESSIONS);
    delay.disable();

    const sessions = await window.invoke('sessions.list', { before: null, limit: 100 });
    expect(sessions).toHaveLength(SESSIONS);
    for (const { id } of sessions) {
      const { turns } = await window.invoke('sessions.get', { sessionId: id });
      expect(turns).toMatchObject([{ outcome: 'completed', speaker: { identity: 'anna' } }]);
    }
    console.log(
      `${SESSIONS} rooms: ${((served - before) / SESSIONS).toFixed(1)} MiB each, ${((memory() - served) / SESSIONS).toFixed(1)} more with a turn;`,
      `event loop late by p50 ${(delay.percentile(50) / 1e6).toFixed(0)} ms, p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms`,
    );
  });
});
