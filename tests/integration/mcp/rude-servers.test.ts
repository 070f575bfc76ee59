/** Tool servers that mean ill, or are badly made: the call or the start fails with what they did, and nothing hangs. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Tool, ToolContext } from '../../../src-main/conversation/tool.ts';
import { McpServers } from '../../../src-main/mcp/servers.ts';

const PROGRAM = fileURLToPath(new URL('../../support/mcp-rude-server.ts', import.meta.url));

function start(manner: string): McpServers {
  const servers = new McpServers({
    appVersion: '0.0.0-test',
    fetch,
    approve: async () => {},
    onChange: () => {},
    limits: { waitMs: 12_000, startMs: 10_000 },
  });
  onTestFinished(() => servers.close());
  const transport = { type: 'stdio' as const, command: process.execPath, args: [PROGRAM, manner], env: {} };
  servers.update([{ name: 'rude', transport, approval: 'always', enabled: true }]);
  return servers;
}

const { signal } = new AbortController();

async function toolOf(servers: McpServers): Promise<Tool> {
  const [tool] = await servers.tools(['rude'], signal);
  if (!tool) throw new Error('It brought no tool');
  return tool;
}

async function ask(servers: McpServers): Promise<unknown> {
  const tool = await toolOf(servers);
  return tool.run({}, { turnId: 'turn-1', callId: 'call-1', signal } as ToolContext);
}

describe('a server that', () => {
  it('chatters between its answers, and answers twice, is understood', async () => {
    expect(await ask(start('chatter'))).toBe('yes');
  });

  it('answers in another order is understood', async () => {
    const servers = start('backwards');
    await toolOf(servers);
    const answers = await Promise.all([ask(servers), ask(servers), ask(servers)]);
    const ids = answers.map((answer) => Number(String(answer).slice('answer '.length)));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(3);
  });

  it('floods its output is ended, and the call says why', async () => {
    const servers = start('flood');
    await expect(ask(servers)).rejects.toThrow('rude was ended: it sent more than 10 MiB in one message');
    expect(servers.status).toMatchObject([{ state: 'failed', error: { code: 'mcp-ended' } }]);
  });

  it('answers with what is no result: the call says so in one line, and the server runs on', async () => {
    const servers = start('nonsense');
    await expect(ask(servers)).rejects.toThrow(/^rude answered with what is no result: content: [^\n]+$/);
    expect(servers.status).toMatchObject([{ state: 'ready' }]);
  });

  it('lists what are no tools is not started, and says so in one line', async () => {
    const servers = start('nonsense-list');
    await expect(ask(servers)).rejects.toThrow(
      /^rude could not be started: it answered with what is no result: tools\.0\.name: [^\n]+$/,
    );
  });

  it('never ends its list is not started', async () => {
    const servers = start('endless-list');
    await expect(ask(servers)).rejects.toThrow('rude could not be started: its list of tools does not end');
  });

  it('says without end that its tools are others is asked for them one time after the other', async () => {
    const servers = start('changing');
    expect(await ask(servers)).toBe('yes');
    // Each list is followed by two hundred notices; asked at each of them, it would list for ever.
    await expect.poll(() => servers.status[0]?.tools.map(({ name }) => name)).not.toContain('after_1');
    expect(await ask(servers)).toBe('yes');
    expect(Number(servers.status[0]?.tools[1]?.name.slice('after_'.length))).toBeLessThan(20);
  });

  it('will not go is made to', { timeout: 20_000 }, async () => {
    const servers = start('stays');
    expect(await ask(servers)).toBe('yes');
    await servers.close();
    expect(servers.status).toMatchObject([{ state: 'off' }]);
  });
});
