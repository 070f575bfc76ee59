import { afterEach, describe, expect, it } from 'vitest';
import { discoverServers } from '../../../src-main/providers/openai/discover.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';

const servers: RawServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A server whose front page and model list are given; what is null is not there. */
async function start(models: unknown, front: string | null = null, headers: Record<string, string> = {}) {
  const server = await startRawServer(({ path }, response) => {
    const body = path === '/v1/models' ? models && JSON.stringify(models) : front;
    response.writeHead(body === null ? 404 : 200, headers).end(body ?? 'not here');
  });
  servers.push(server);
  return { server, port: Number(new URL(server.baseUrl).port) };
}

describe('finding servers on this machine', () => {
  it.each<[string, unknown, string | null, Record<string, string>]>([
    ['Usual', { data: [{ id: 'llama3', owned_by: 'library' }] }, null, {}],
    ['vLLM', { data: [{ id: 'llama3', owned_by: 'vllm' }] }, null, {}],
    ['Speaches', { data: [{ id: 'whisper', owned_by: 'Systran', task: 'automatic-speech-recognition' }] }, null, {}],
    ['Kokoro-FastAPI', { data: [{ id: 'tts-1', owned_by: 'kokoro' }] }, null, {}],
    ['llama.cpp', { data: [{ id: 'gemma', owned_by: 'llamacpp' }] }, null, {}],
    ['LocalAI', { data: [{ id: 'phi' }] }, null, { server: 'LocalAI' }],
  ])('knows %s by its models', async (name, models, front, headers) => {
    const { server, port } = await start(models, front, headers);
    const [model] = (models as { data: { id: string }[] }).data;
    expect(await discoverServers([{ port, name: 'Usual' }])).toEqual([
      { name, baseUrl: server.baseUrl, models: [model?.id] },
    ]);
  });

  it('knows a server without a model list by its front page', async () => {
    const { server, port } = await start(null, '<title>Whisper.cpp Server</title>');
    expect(await discoverServers([{ port, name: 'Usual' }])).toEqual([
      { name: 'whisper.cpp', baseUrl: server.baseUrl, models: [] },
    ]);
  });

  it('leaves out what is something else, what says nothing, and what is not there', async () => {
    const other = await start(null, '<title>My photos</title>');
    const odd = await start('hello');
    const silent = await startRawServer(() => {});
    servers.push(silent);
    const found = await start({ data: [] });
    const ports = [other.port, odd.port, Number(new URL(silent.baseUrl).port), 9, found.port];
    expect(await discoverServers(ports.map((port) => ({ port, name: 'Usual' })))).toEqual([
      { name: 'Usual', baseUrl: found.server.baseUrl, models: [] },
    ]);
  });
});
