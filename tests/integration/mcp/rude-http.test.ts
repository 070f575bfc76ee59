/** Tool servers behind a URL that mean ill, are locked, or are made oddly. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Tool, ToolContext } from '../../../src-main/conversation/tool.ts';
import { McpServers } from '../../../src-main/mcp/servers.ts';
import type { McpServerSettings } from '../../../src-preload/settings.ts';
import {
  type Asked,
  answer,
  flood,
  type RudeHttpServer,
  startRudeHttpServer,
} from '../../support/mcp-rude-http-server.ts';

const ASK = { name: 'ask', inputSchema: { type: 'object' } };
const { signal } = new AbortController();

async function rude(
  manner: (asked: Asked, response: ServerResponse, headers: NodeJS.Dict<string | string[]>) => boolean,
  tools: readonly object[] = [ASK],
): Promise<RudeHttpServer> {
  const server = await startRudeHttpServer(tools, (asked, response, { headers }) => manner(asked, response, headers));
  onTestFinished(() => server.close());
  return server;
}

const polite = () => false;

function at(url: string, name = 'rude', headers?: Record<string, string>): McpServerSettings {
  return { name, transport: { type: 'http', url, ...(headers && { headers }) }, approval: 'always', enabled: true };
}

function start(...settings: McpServerSettings[]): McpServers {
  const servers = new McpServers({ appVersion: '0', fetch, approve: async () => {}, onChange: () => {} });
  onTestFinished(() => servers.close());
  servers.update(settings);
  return servers;
}

function toolsOf(servers: McpServers): Promise<readonly Tool[]> {
  return servers.tools(
    servers.status.map(({ name }) => name),
    signal,
  );
}

async function ask(servers: McpServers, name = 'rude__ask'): Promise<unknown> {
  const tool = (await toolsOf(servers)).find(({ definition }) => definition.name === name);
  if (!tool) throw new Error(`there is no ${name}`);
  return tool.run({}, { turnId: 'turn-1', callId: 'call-1', signal } as ToolContext);
}

describe('a server behind a URL that', () => {
  it.each([
    ['one document', 'application/json', '{"padding":"'.padEnd(1 << 16, 'x')],
    ['an event', 'text/event-stream', 'data: '.padEnd(1 << 16, 'x')],
    ['an event of many lines', 'text/event-stream; charset=utf-8', 'data: x\n'.repeat(1 << 13)],
  ])('never ends %s is left, and the call says why', async (_, contentType, piece) => {
    const server = await rude(({ method }, response) => {
      if (method === 'tools/call') flood(response, contentType, piece);
      return method === 'tools/call';
    });
    const servers = start(at(server.url));
    await expect(ask(servers)).rejects.toThrow('rude was ended: it sent more than 10 MiB in one message');
    expect(servers.status).toMatchObject([{ state: 'failed', error: { code: 'mcp-ended' } }]);
  });

  it.each(['initialize', 'tools/list'])('never ends its answer to %s is not started', async (method) => {
    const server = await rude((asked, response) => {
      if (asked.method === method) flood(response, 'application/json', ' '.repeat(1 << 16));
      return asked.method === method;
    });
    await expect(ask(start(at(server.url)), 'rude__unavailable')).rejects.toThrow(
      'rude could not be started: it sent more than 10 MiB in one message',
    );
  });

  it('sends more than that in many events is read on', async () => {
    const server = await rude((asked, response) => {
      if (asked.method !== 'tools/call') return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const padding = JSON.stringify({
        jsonrpc: '2.0',
        method: 'notifications/message',
        params: { data: 'x'.repeat(1 << 20) },
      });
      for (let n = 0; n < 12; n++) response.write(`data: ${padding}\r\n\r\n`);
      const result = { content: [{ type: 'text', text: 'at last' }] };
      response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id: asked.id, result })}\n\n`);
      return true;
    });
    expect(await ask(start(at(server.url)))).toBe('at last');
  });

  it('wants to know who asks says so, and is told by its headers', async () => {
    const server = await rude((_, response, { authorization }) => {
      if (authorization === 'Bearer open-sesame') return false;
      response.writeHead(401, { 'content-type': 'text/plain' }).end('no token');
      return true;
    });
    const locked = start(at(server.url));
    await expect(ask(locked, 'rude__unavailable')).rejects.toThrow(
      'rude could not be started: it wants to know who asks (HTTP 401: no token)',
    );
    expect(locked.status[0]?.error?.hint).toContain('Authorization: Bearer');
    expect(await ask(start(at(server.url, 'rude', { Authorization: 'Bearer open-sesame' })))).toBe('yes');
  });

  it('does so only when it is called', async () => {
    const server = await rude(({ method }, response) => {
      if (method !== 'tools/call') return false;
      response.writeHead(403).end();
      return true;
    });
    const servers = start(at(server.url));
    await expect(ask(servers)).rejects.toThrow(/^rude: it wants to know who asks \(HTTP 403\)\. Give it .* headers/);
    expect(servers.status).toMatchObject([{ state: 'ready' }]);
  });

  it('sends on to another server is not followed there, with what it may know', async () => {
    const elsewhere = await rude(polite);
    const server = await rude((_, response) => {
      response.writeHead(307, { location: elsewhere.url }).end();
      return true;
    });
    const servers = start(at(server.url, 'rude', { Authorization: 'Bearer open-sesame' }));
    await expect(ask(servers, 'rude__unavailable')).rejects.toThrow(elsewhere.url);
    expect(elsewhere.requests).toEqual([]);
  });

  it('answers with a page of an error says so in a few words', async () => {
    const server = await rude(({ method }, response) => {
      if (method !== 'tools/call') return false;
      response.writeHead(503).end(`<html>\n${'<p>Down.</p>'.repeat(1_000)}`);
      return true;
    });
    const told = await ask(start(at(server.url))).catch((thrown: Error) => thrown.message);
    expect(told).toMatch(/^rude could not be reached: HTTP 503: <html> <p>Down\..{0,500}/);
    expect(String(told).length).toBeLessThan(700);
  });

  it('forgot the session, and has 400 for that, is asked again in a new one', async () => {
    let forgetful = true;
    const server = await rude(({ method }, response) => {
      if (method !== 'tools/call' || !forgetful) return false;
      forgetful = false;
      response.writeHead(400).end('Bad Request: No valid session ID provided');
      return true;
    });
    expect(await ask(start(at(server.url)))).toBe('yes');
  });
});

describe('the tools of several servers', () => {
  it('have a name of their own each, that models take', async () => {
    const one = await rude(polite, [
      { ...ASK, name: 'b__ask' },
      { ...ASK, name: 'wörld/ask' },
      { ...ASK, name: 'w?rld/ask' },
      { ...ASK, name: `ask_${'x'.repeat(80)}` },
    ]);
    const other = await rude(({ method, ...asked }, response) => {
      if (method === 'tools/call')
        answer(response, { method, ...asked }, { content: [{ type: 'text', text: 'other' }] });
      return method === 'tools/call';
    });
    const servers = start(at(one.url, 'a'), at(other.url, 'a__b'));
    const names = (await toolsOf(servers)).map(({ definition }) => definition.name);
    expect(names).toEqual(['a__b__ask', 'a__w_rld_ask', 'a__w_rld_ask_2', `a__ask_${'x'.repeat(57)}`, 'a__b__ask_2']);
    expect([await ask(servers, 'a__b__ask'), await ask(servers, 'a__b__ask_2')]).toEqual(['yes', 'other']);
  });

  it('are described as objects with properties, which some models insist on', async () => {
    const [tool] = await toolsOf(start(at((await rude(polite)).url)));
    expect(tool?.definition.parameters).toEqual({ type: 'object', properties: {} });
  });

  it('are as many as models take; a long list is cut, and says so', async () => {
    const many = await rude(
      polite,
      Array.from({ length: 500 }, (_, n) => ({ ...ASK, name: `ask_${n}` })),
    );
    const few = await rude(polite);
    const servers = start(at(many.url, 'many'), at(few.url, 'few'));
    const names = (await toolsOf(servers)).map(({ definition }) => definition.name);
    expect(names).toHaveLength(100);
    expect(names.slice(97)).toEqual(['many__ask_97', 'many__unavailable', 'few__ask']);
    await expect(ask(servers, 'many__unavailable')).rejects.toThrow('of its 500 only the first 98 are offered');
    expect(servers.status[0]?.tools).toHaveLength(500);
  });
});

describe('a result', () => {
  const image = { type: 'image', mimeType: 'image/png', data: 'AAAA' };
  const resource = (more: object) => ({ type: 'resource', resource: { uri: 'file:///notes.txt', ...more } });

  it.each<[string, object, string]>([
    ['an image', { content: [image] }, '[image/png, 3 bytes]'],
    ['sound', { content: [{ type: 'audio', mimeType: 'audio/wav', data: 'AAAA' }] }, '[audio/wav, 3 bytes]'],
    ['a text of the server', { content: [resource({ text: 'Buy milk.' })] }, 'Buy milk.'],
    ['a file of the server', { content: [resource({ blob: 'AAAA' })] }, '[file:///notes.txt]'],
    ['a link', { content: [{ type: 'resource_link', name: 'notes', uri: 'file:///n' }] }, '[notes: file:///n]'],
    ['a structure', { content: [], structuredContent: { n: 1 } }, '{"n":1}'],
    ['a structure and an image', { content: [image], structuredContent: { n: 1 } }, '[image/png, 3 bytes]\n{"n":1}'],
    ['a structure, and its text', { content: [{ type: 'text', text: '1' }], structuredContent: { n: 1 } }, '1'],
    ['nothing', { content: [] }, ''],
  ])('of %s is told as text', async (_, result, told) => {
    const server = await rude((asked, response) => {
      if (asked.method === 'tools/call') answer(response, asked, result);
      return asked.method === 'tools/call';
    });
    expect(await ask(start(at(server.url)))).toBe(told);
  });
});
