import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { RequestDetail } from '../../../src-main/audit/reading/session-detail.ts';
import { type CallStage, inCall } from '../../../src-main/speech/call.ts';
import { type OpenedLog, openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript, noise } from '../../support/turns.ts';

const KEY = 'sk-proj-THIS-must-never-be-written-0123456789';

/** A server on 127.0.0.1. @returns its base URL and the bodies it received */
async function serve(answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void) {
  const bodies: Buffer[] = [];
  const listener: RequestListener = async (request, response) => {
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    bodies.push(body);
    answer(request, response, body);
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

/** Runs `work` as a provider runs within a turn. */
async function within(stage: CallStage, work: () => Promise<void>): Promise<void> {
  async function* call() {
    yield await work();
  }
  for await (const _ of inCall({ turnId: 'turn-1', stage }, call));
}

interface RunningTurn extends OpenedLog {
  readonly home: string;
  readonly script: EventScript;
  /** Ends the turn. @returns its requests */
  requests(): readonly RequestDetail[];
}

function startTurn(): RunningTurn {
  const home = temporaryHome();
  const opened = openLog(home);
  const script = new EventScript(opened.log.record);
  script.begin('turn-1', { source: 'text' });
  return {
    ...opened,
    home,
    script,
    requests() {
      script.end('turn-1', 'completed');
      expect(opened.faults).toEqual([]);
      return opened.log.queries.getSessionDetail('session-1')?.turns[0]?.requests ?? [];
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

it('records the exact bytes of a request and of its streamed response, and when they came', async () => {
  const { url, bodies } = await serve(async (_, response) => {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'x-request-id': 'req-7',
      'set-cookie': `id=${KEY}`,
    });
    for (const piece of ['data: 1\n\n', 'data: ½\n\n', 'data: [DONE]\n\n']) {
      response.write(piece);
      await delay(30);
    }
    response.end();
  });
  const { log, requests } = startTurn();
  const body = JSON.stringify({ model: 'm', messages: ['héllo'] });
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  await within('llm', async () => {
    const response = await log.recordingFetch(`${url}/v1/chat?api_key=${KEY}`, { method: 'POST', headers, body });
    expect(response.url).toBe(`${url}/v1/chat?api_key=${KEY}`);
    expect(await response.text()).toBe('data: 1\n\ndata: ½\n\ndata: [DONE]\n\n');
  });
  const [request, ...others] = requests();
  expect(others).toEqual([]);
  expect(request).toMatchObject({
    stage: 'llm',
    method: 'POST',
    url: `${url}/v1/chat?api_key=withheld`,
    outcome: 'completed',
    error: null,
    status: 200,
    requestId: 'req-7',
    headers: [['content-type', 'application/json']],
    withheld: ['authorization', 'set-cookie'],
    body: { text: body },
    response: { body: { text: 'data: 1\n\ndata: ½\n\ndata: [DONE]\n\n' } },
  });
  expect(bodies[0]?.toString()).toBe(body);
  const chunks = request?.response?.chunks ?? [];
  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks[0]?.offset).toBe(0);
  expect(chunks.map(({ atMs }) => atMs)).toEqual(chunks.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
});

it('hands each piece on as it comes, before the next one is sent', async () => {
  let more = () => {};
  const { url } = await serve((_, response) => {
    response.write('first');
    more = () => response.end('second');
  });
  const { log, requests } = startTurn();
  await within('tts', async () => {
    const reader = (await log.recordingFetch(url)).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first');
    more();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('second');
    expect((await reader?.read())?.done).toBe(true);
  });
  expect(requests()[0]?.response?.body).toEqual({ text: 'firstsecond' });
});

it('keeps what came, even if its reader writes over it', async () => {
  const { url } = await serve((_, response) => response.end('precious'));
  const { log, requests } = startTurn();
  await within('tts', async () => {
    const response = await log.recordingFetch(url);
    for await (const piece of response.body ?? []) piece.fill(0);
  });
  expect(requests()[0]?.response?.body).toEqual({ text: 'precious' });
});

it('records a form as the multipart bytes that the server received', async () => {
  const { url, bodies } = await serve((_, response) => response.end('{"text":"hello"}'));
  const { log, requests } = startTurn();
  const sound = Buffer.from(noise(4_800, 5).buffer);
  const form = new FormData();
  form.append('model', 'whisper-1');
  form.append('file', new File([sound], 'speech.wav', { type: 'audio/wav' }));
  await within('stt', async () => {
    await (await log.recordingFetch(url, { method: 'POST', body: form })).json();
  });
  const received = bodies[0] as Buffer;
  expect(received.includes(sound)).toBe(true);
  const [request] = requests();
  expect(request?.body).toEqual({ byteLength: received.length, sha256: sha256(received) });
  expect(Object.fromEntries(request?.headers ?? [])['content-type']).toMatch(/^multipart\/form-data; boundary=/);
});

it.each<[string, () => RequestInit['body'], string]>([
  ['text', () => 'text', 'text'],
  ['bytes', () => Buffer.from('bytes'), 'bytes'],
  ['a part of a buffer', () => new Uint8Array(Buffer.from('-part-')).subarray(1, 5), 'part'],
  ['a blob', () => new Blob(['blob']), 'blob'],
  ['parameters', () => new URLSearchParams({ a: '1' }), 'a=1'],
  ['a stream', () => new Blob(['stream']).stream(), 'stream'],
])('sends and records %s', async (_, body, expected) => {
  const { url, bodies } = await serve((__, response) => response.end());
  const { log, requests } = startTurn();
  const init: RequestInit = { method: 'POST', body: body() ?? null, duplex: 'half' };
  await within('llm', async () => void (await log.recordingFetch(new URL(url), init)).text());
  await vi.waitFor(() => expect(bodies).toHaveLength(1));
  expect(bodies[0]?.toString()).toBe(expected);
  expect(requests()[0]?.body).toEqual({ text: expected });
});

it('takes a Request as fetch does', async () => {
  const { url, bodies } = await serve((request, response) => response.end(request.headers['x-mark']));
  const { log, requests } = startTurn();
  const request = new Request(url, { method: 'PUT', body: 'whole', headers: { 'x-mark': 'here' } });
  await within('llm', async () => expect(await (await log.recordingFetch(request)).text()).toBe('here'));
  expect(bodies[0]?.toString()).toBe('whole');
  expect(requests()[0]).toMatchObject({ method: 'PUT', body: { text: 'whole' } });
});

it('records an error’s body although the client asks again without reading it, and both attempts', async () => {
  let attempts = 0;
  const { url } = await serve((_, response) => {
    attempts++;
    if (attempts === 1) response.writeHead(500).end('{"error":"out of coffee"}');
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"hello"}');
  });
  const { log, requests } = startTurn();
  const client = new OpenAI({ apiKey: KEY, baseURL: url, fetch: log.recordingFetch, maxRetries: 1 });
  await within('stt', async () => {
    const file = await toFile(Buffer.from('RIFF'), 'speech.wav');
    const { text } = await client.audio.transcriptions.create({ file, model: 'whisper-1' });
    expect(text).toBe('hello');
  });
  expect(requests()).toMatchObject([
    { status: 500, outcome: 'completed', response: { body: { text: '{"error":"out of coffee"}' } } },
    { status: 200, outcome: 'completed', response: { body: { text: '{"text":"hello"}' } } },
  ]);
});

it('calls a stream complete that its client left at [DONE]', async () => {
  const events = ['{"choices":[{"delta":{"content":"hi"}}]}', '[DONE]'].map((data) => `data: ${data}\n\n`).join('');
  const { url } = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(events);
  });
  const { log, requests } = startTurn();
  const client = new OpenAI({ apiKey: KEY, baseURL: url, fetch: log.recordingFetch });
  await within('llm', async () => {
    const stream = await client.chat.completions.create({ model: 'm', messages: [], stream: true });
    for await (const _ of stream);
    await delay(50);
  });
  expect(requests()[0]).toMatchObject({ outcome: 'completed', response: { body: { text: events } } });
});

it('records a server that is not there', async () => {
  const { url } = await serve((request) => request.socket.destroy());
  const { log, requests } = startTurn();
  await within('llm', () => expect(log.recordingFetch(url, { method: 'POST', body: 'x' })).rejects.toThrow());
  expect(requests()).toMatchObject([
    {
      outcome: 'failed',
      status: null,
      response: null,
      error: expect.stringContaining('fetch failed'),
      body: { text: 'x' },
    },
  ]);
});

it('records a connection that breaks in mid-answer, with what had come', async () => {
  const { url } = await serve((_, response) => {
    response.write('half');
    setTimeout(() => response.destroy(), 30);
  });
  const { log, requests } = startTurn();
  await within('llm', () => expect(log.recordingFetch(url).then((response) => response.text())).rejects.toThrow());
  expect(requests()).toMatchObject([{ outcome: 'failed', status: 200, response: { body: { text: 'half' } } }]);
});

it('records what was aborted, before the answer and in the middle of it', async () => {
  const { url } = await serve((request, response) => {
    if (request.url === '/half') response.write('half');
  });
  const { log, requests } = startTurn();
  await within('llm', async () => {
    const early = AbortSignal.timeout(20);
    await expect(log.recordingFetch(`${url}/never`, { signal: early })).rejects.toThrow();
    const late = new AbortController();
    const response = await log.recordingFetch(`${url}/half`, { signal: late.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    late.abort();
    await expect(reader?.read()).rejects.toThrow();
  });
  expect(requests()).toMatchObject([
    { outcome: 'aborted', status: null },
    { outcome: 'aborted', status: 200, response: { body: { text: 'half' } } },
  ]);
});

it('records as completed what its reader had all it wanted of, also when the turn aborts right after', async () => {
  const goOn = Promise.withResolvers<void>();
  const { url } = await serve(async (_, response) => {
    response.write('data: all that is wanted\n\n');
    await goOn.promise;
    response.end('data: [DONE]\n\n');
  });
  const { log, requests } = startTurn();
  await within('stt', async () => {
    const turn = new AbortController();
    const response = await log.recordingFetch(url, { signal: turn.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    turn.abort();
    goOn.resolve();
    await vi.waitFor(() => expect(log.queries.getTurnDetail('turn-1')?.requests).toHaveLength(1));
  });
  const text = 'data: all that is wanted\n\ndata: [DONE]\n\n';
  expect(requests()).toMatchObject([{ outcome: 'completed', error: null, response: { body: { text } } }]);
});

it('records what is still open when the turn ends, as aborted', async () => {
  const { url } = await serve((_, response) => void response.write('so far'));
  const { log, requests } = startTurn();
  await within('llm', async () => {
    const response = await log.recordingFetch(url);
    await response.body?.getReader().read();
  });
  expect(requests()).toMatchObject([
    { outcome: 'aborted', error: 'open when the turn ended', response: { body: { text: 'so far' } } },
  ]);
});

it('is a plain fetch outside of a turn', async () => {
  const { url, bodies } = await serve((_, response) => response.end('ok'));
  const { log, requests } = startTurn();
  const response = await log.recordingFetch(url, { method: 'POST', body: 'x' });
  expect(await response.text()).toBe('ok');
  expect(bodies).toHaveLength(1);
  expect(requests()).toEqual([]);
});

it('writes nothing that resembles the key anywhere, even when the server sends it back', async () => {
  const { url } = await serve((request, response) => {
    const echo = `you sent ${request.headers.authorization} to ${request.url}`;
    response
      .writeHead(401, { 'x-echo': String(request.headers.authorization), 'www-authenticate': 'Bearer' })
      .end(echo);
  });
  const { log, home, requests, close } = startTurn();
  const headers = { authorization: `Bearer ${KEY}`, 'x-api-key': KEY, cookie: `k=${KEY}` };
  await within('llm', async () => {
    const init = { method: 'POST', headers, body: `{"user":"${KEY}"}` };
    await (await log.recordingFetch(`${url}/v1?key=${encodeURIComponent(KEY)}`, init)).text();
  });
  expect(requests()[0]?.response?.body).toMatchObject({ text: expect.stringMatching(/^you sent Bearer \*+ to/) });
  const check = () => {
    const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name));
      for (const part of [KEY, KEY.slice(8), KEY.slice(0, -8), Buffer.from(KEY).toString('base64')]) {
        expect(bytes.includes(part), `${part} in ${file.name}`).toBe(false);
      }
    }
  };
  check();
  close();
  check();
});
