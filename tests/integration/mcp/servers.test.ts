/** Tool servers as an agent meets them: real ones, over stdio and HTTP, in good times and bad. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Tool, type ToolContext, ToolError } from '../../../src-main/conversation/tool.ts';
import type { ToolCallRequest } from '../../../src-main/mcp/server-tools.ts';
import { McpServers, type McpServersOptions } from '../../../src-main/mcp/servers.ts';
import type { McpServerSettings } from '../../../src-preload/settings.ts';
import { startHttpToolServer } from '../../support/mcp-http-server.ts';

const PROGRAM = fileURLToPath(new URL('../../support/mcp-stdio-server.ts', import.meta.url));

function program(name: string, more: Partial<McpServerSettings> = {}, ...args: string[]): McpServerSettings {
  const transport = { type: 'stdio' as const, command: process.execPath, args: [PROGRAM, ...args], env: {} };
  return { name, transport, approval: 'always', enabled: true, ...more };
}

function url(name: string, address: string): McpServerSettings {
  return { name, transport: { type: 'http', url: address }, approval: 'always', enabled: true };
}

function start(settings: readonly McpServerSettings[], options: Partial<McpServersOptions> = {}): McpServers {
  const servers = new McpServers({
    appVersion: '0.0.0-test',
    fetch,
    approve: async () => {},
    onChange: () => {},
    limits: { waitMs: 12_000 },
    ...options,
  });
  onTestFinished(() => servers.close());
  servers.update(settings);
  return servers;
}

const never = new AbortController().signal;

function toolsOf(servers: McpServers, ...names: string[]): Promise<readonly Tool[]> {
  return servers.tools(names, never);
}

async function call(servers: McpServers, name: string, input: unknown = {}, signal = never): Promise<unknown> {
  const [server = ''] = name.split('__');
  const tool = (await toolsOf(servers, server)).find(({ definition }) => definition.name === name);
  if (!tool) throw new Error(`there is no ${name}`);
  return tool.run(input, { turnId: 'turn-1', callId: 'call-1', signal } as ToolContext);
}

function refusal(servers: McpServers, name: string, input: unknown = {}): Promise<string> {
  return call(servers, name, input).then(
    (result) => `it answered: ${String(result)}`,
    (thrown) => {
      if (thrown instanceof ToolError) return thrown.message;
      throw thrown;
    },
  );
}

describe.each(['stdio', 'http'] as const)('a server over %s', (kind) => {
  async function server(): Promise<McpServerSettings> {
    if (kind === 'stdio') return program('tools');
    const http = await startHttpToolServer();
    onTestFinished(() => http.close());
    return url('tools', http.url);
  }

  it('brings its tools, with its name before theirs, once somebody needs them', async () => {
    const servers = start([await server()]);
    expect(servers.status).toMatchObject([{ name: 'tools', state: 'off', tools: [] }]);
    const tools = await toolsOf(servers, 'tools');
    const add = tools.find(({ definition }) => definition.name === 'tools__add');
    expect(add).toMatchObject({
      server: 'tools',
      definition: { description: 'Adds two numbers.', parameters: { type: 'object', required: ['a', 'b'] } },
    });
    expect(servers.status).toMatchObject([{ state: 'ready', error: null }]);
    expect(servers.status[0]?.tools).toContainEqual({ name: 'add', description: 'Adds two numbers.' });
  });

  it('is called, and tells the model what went wrong', async () => {
    const servers = start([await server()]);
    expect(await call(servers, 'tools__add', { a: 2, b: 40 })).toBe('42');
    expect(await refusal(servers, 'tools__fail')).toBe('The disk is full.');
    expect(await refusal(servers, 'tools__add', { a: 'two' })).toContain('Invalid arguments');
    expect(await call(servers, 'tools__large')).toHaveLength(1_000_000);
  });

  it('is left when the turn is interrupted', async () => {
    const servers = start([await server()]);
    await toolsOf(servers, 'tools');
    const turn = new AbortController();
    const hanging = call(servers, 'tools__hang', {}, turn.signal);
    turn.abort(new Error('interrupted'));
    await expect(hanging).rejects.toThrow('interrupted');
    expect(await call(servers, 'tools__add', { a: 1, b: 1 })).toBe('2');
  });

  it('that hangs is given up, and can be called again', async () => {
    const servers = start([await server()], { limits: { callMs: 400, waitMs: 12_000 } });
    expect(await refusal(servers, 'tools__hang')).toBe('tools did not answer within 0.4 s. Ask again, or for less.');
    expect(await call(servers, 'tools__add', { a: 1, b: 1 })).toBe('2');
  });
});

describe('a server that fails', () => {
  it('is missing: the model is told in its place, the others work', async () => {
    const missing = program('gone');
    const servers = start([
      { ...missing, transport: { type: 'stdio', command: 'no-such-command-here', args: [], env: {} } },
      program('tools'),
    ]);
    const names = (await toolsOf(servers, 'gone', 'tools')).map(({ definition }) => definition.name);
    expect(names).toContain('gone__unavailable');
    expect(names).toContain('tools__add');
    expect(await refusal(servers, 'gone__unavailable')).toBe('gone could not be started: its command was not found');
    expect(servers.status[0]).toMatchObject({ state: 'failed', error: { code: 'mcp-not-started' } });
  });

  it('says nothing: a reply does not wait for it, and its start is given up', async () => {
    const servers = start([program('mute', {}, '--silent')], { limits: { waitMs: 50, startMs: 1_000 } });
    expect(await refusal(servers, 'mute__unavailable')).toBe('mute is still starting');
    await expect
      .poll(() => servers.status[0]?.error?.message, { timeout: 10_000 })
      .toBe('mute could not be started: it did not answer within 1 s');
  });

  it('that still starts when Squelch closes is not waited for', async () => {
    const servers = start([program('mute', {}, '--silent')], { limits: { waitMs: 50, startMs: 600_000 } });
    expect(await refusal(servers, 'mute__unavailable')).toBe('mute is still starting');
    await servers.close();
    expect(servers.status).toMatchObject([{ state: 'off', error: null }]);
  });

  it('dies in mid-call: the call says so with its last words, and the next one starts it anew', async () => {
    const servers = start([program('tools')]);
    expect(await refusal(servers, 'tools__die')).toMatch(/^tools ended by itself: out of memory\. /);
    expect(servers.status).toMatchObject([{ state: 'failed', error: { code: 'mcp-ended' } }]);
    expect(await call(servers, 'tools__add', { a: 3, b: 4 })).toBe('7');
    expect(servers.status).toMatchObject([{ state: 'ready', error: null }]);
  });

  it('dies in mid-call behind its URL: the call says so', async () => {
    const http = await startHttpToolServer();
    onTestFinished(() => http.close());
    const servers = start([url('tools', http.url)]);
    expect(await refusal(servers, 'tools__die')).toMatch(/^tools ended by itself\. /);
    expect(await refusal(servers, 'tools__unavailable')).toContain('tools could not be started: fetch failed');
  });

  it('was started anew behind its URL: the call is made again with the new one', async () => {
    const http = await startHttpToolServer();
    onTestFinished(() => http.close());
    const servers = start([url('tools', http.url)]);
    expect(await call(servers, 'tools__add', { a: 1, b: 2 })).toBe('3');
    http.forget();
    expect(await call(servers, 'tools__add', { a: 2, b: 2 })).toBe('4');
  });

  it('was started anew while several call: they find the same new one', async () => {
    const http = await startHttpToolServer();
    onTestFinished(() => http.close());
    const servers = start([url('tools', http.url)]);
    await toolsOf(servers, 'tools');
    http.forget();
    const sums = await Promise.all([1, 2, 3].map((a) => call(servers, 'tools__add', { a, b: 2 })));
    expect(sums).toEqual(['3', '4', '5']);
    expect(servers.status).toMatchObject([{ state: 'ready', error: null }]);
    expect(http.sessions).toBe(1);
  });

  it('is gone behind its URL: the call says so', async () => {
    const http = await startHttpToolServer();
    const servers = start([url('tools', http.url)]);
    await toolsOf(servers, 'tools');
    await http.close();
    expect(await refusal(servers, 'tools__add', { a: 1, b: 2 })).toContain('tools could not be reached: fetch failed');
  });
});

describe('the settings', () => {
  it('keep Squelch’s own environment from a server, and give it what they say', async () => {
    process.env.OPENAI_API_KEY = 'sk-secret';
    onTestFinished(() => {
      delete process.env.OPENAI_API_KEY;
    });
    const { transport, ...rest } = program('tools');
    const servers = start([{ ...rest, transport: { ...transport, env: { ROOT: '/srv' } } as typeof transport }]);
    const environment = JSON.parse(String(await call(servers, 'tools__environment')));
    expect(environment.ROOT).toBe('/srv');
    expect(environment.OPENAI_API_KEY).toBeUndefined();
  });

  it('hide the tools of a server with the approval `never`, and of one that is off', async () => {
    const servers = start([program('hidden', { approval: 'never' }), program('off', { enabled: false })]);
    expect(await toolsOf(servers, 'hidden', 'off')).toEqual([]);
    expect(servers.status.map(({ state }) => state)).toEqual(['off', 'off']);
  });

  it('end a server that was taken out, and let one run whose approval alone changed', async () => {
    const servers = start([program('tools')]);
    await toolsOf(servers, 'tools');
    servers.update([program('tools', { approval: 'ask' })]);
    expect(servers.status).toMatchObject([{ state: 'ready' }]);
    servers.update([]);
    expect(servers.status).toEqual([]);
    expect(await toolsOf(servers, 'tools')).toEqual([]);
  });
});

describe('approval', () => {
  it('is asked for with the call as it will be made, and only where the settings say so', async () => {
    const asked: ToolCallRequest[] = [];
    const approve = async (request: ToolCallRequest) => void asked.push(request);
    const servers = start([program('open'), program('careful', { approval: 'ask' })], { approve });
    await call(servers, 'open__add', { a: 1, b: 1 });
    expect(asked).toEqual([]);
    expect(await call(servers, 'careful__add', { a: 1, b: 1 })).toBe('2');
    expect(asked).toEqual([
      { turnId: 'turn-1', callId: 'call-1', server: 'careful', tool: 'add', arguments: '{"a":1,"b":1}' },
    ]);
  });

  it('denied keeps the call from being made', async () => {
    const approve = async () => {
      throw new ToolError('No.');
    };
    const servers = start([program('careful', { approval: 'ask' })], { approve });
    expect(await refusal(servers, 'careful__die')).toBe('No.');
    expect(servers.status).toMatchObject([{ state: 'ready' }]);
  });
});
