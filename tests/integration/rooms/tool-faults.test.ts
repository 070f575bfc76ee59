/** What goes wrong with tools belongs to the conversation in which it did, whichever rooms are served meanwhile. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LIVEKIT_SERVER, needsServer } from '../../support/livekit-server.ts';
import { startSharedApp } from '../../support/shared-app.ts';

const PROGRAM = fileURLToPath(new URL('../../support/mcp-stdio-server.ts', import.meta.url));

describe.skipIf(!LIVEKIT_SERVER)(needsServer('Tools while rooms are served'), { timeout: 60_000 }, () => {
  it('fail in the log of the conversation that called them', async () => {
    const { window } = await startSharedApp({
      reply: (messages) =>
        messages.at(-1)?.role === 'tool' ? 'It is gone.' : { toolCalls: [{ name: 'tools__die', arguments: {} }] },
    });
    const transport = { type: 'stdio' as const, command: process.execPath, args: [PROGRAM], env: {} };
    const server = { name: 'tools', transport, approval: 'ask' as const, enabled: true };
    await window.invoke('settings.update', { mcp: [server] });
    window.on('approval.requested', ({ approvalId }) => {
      void window.invoke('tools.decide', { approvalId, decision: 'once' });
    });
    await window.invoke('room.serve', { room: 'elsewhere' });
    const turn = await window.type('Do it.');
    const kept = async () => (await window.invoke('sessions.get', { sessionId: turn.sessionId })).faults;
    await expect.poll(kept).toMatchObject([{ source: 'tools', turnId: turn.id }]);
    expect(turn.steps).toMatchObject([{ name: 'tools__die', isError: true }]);
  });
});
