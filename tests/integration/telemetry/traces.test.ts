import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import type { AppView } from '../../../src-preload/contract.ts';
import { startProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestWindow } from '../../support/test-window.ts';

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

/** A collector that takes OTLP as JSON. */
async function startCollector() {
  const spans: OtlpSpan[] = [];
  const paths: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    paths.push(request.url);
    const body = (await json(request)) as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] };
    spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, paths };
}

async function talk(telemetry: { otlpEndpoint: string | null; includeContent?: boolean }, isPrivate = false) {
  const provider = await startProviderServer();
  const home = await temporaryFolder();
  const environment = { OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: 'sk-very-secret' };
  const app = await createApp({ home, host: 'cli', secrets: createMemorySecretStore(), environment });
  const window = new TestWindow(app);
  await window.invoke('settings.update', { telemetry });
  if (isPrivate) await window.invoke('conversation.new', { private: true });
  const turn = await window.type('A question about zebras');
  await app.close();
  await provider.close();
  return turn;
}

function attributesOf({ attributes }: OtlpSpan): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

it('tells of a turn, and below it of its requests, without what was said', async () => {
  const { endpoint, spans, paths } = await startCollector();
  const turn = await talk({ otlpEndpoint: endpoint });
  expect(new Set(paths)).toEqual(new Set(['/v1/traces']));
  const root = spans.find(({ parentSpanId }) => !parentSpanId) as OtlpSpan;
  expect(root.name).toBe('invoke_agent assistant');
  expect(attributesOf(root)).toMatchObject({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.conversation.id': turn.sessionId,
    'squelch.turn.id': turn.id,
    'squelch.turn.outcome': 'completed',
  });
  const chat = spans.find(({ name }) => name.startsWith('chat ')) as OtlpSpan;
  expect([chat.traceId, chat.parentSpanId]).toEqual([root.traceId, root.spanId]);
  expect(attributesOf(chat)).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'http.response.status_code': 200,
  });
  expect(spans.some(({ name }) => name.startsWith('speak '))).toBe(true);
  expect(BigInt(chat.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root.startTimeUnixNano));
  expect(BigInt(root.endTimeUnixNano)).toBeGreaterThan(BigInt(root.startTimeUnixNano));
  const everything = JSON.stringify(spans);
  expect(everything).not.toContain('zebras');
  expect(everything).not.toContain('sk-very-secret');
});

it('sends what was said when asked to', async () => {
  const { endpoint, spans } = await startCollector();
  const turn = await talk({ otlpEndpoint: `${endpoint}/v1/traces`, includeContent: true });
  const root = spans.find(({ parentSpanId }) => !parentSpanId) as OtlpSpan;
  const { 'gen_ai.input.messages': input, 'gen_ai.output.messages': output } = attributesOf(root);
  expect(JSON.parse(input as string)).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'A question about zebras' }] },
  ]);
  expect(JSON.parse(output as string)[0].parts[0].content).toBe(turn.reply.text);
});

it('says once that a collector does not answer, and holds nothing up', async () => {
  const home = await temporaryFolder();
  const app = await createApp({ home, host: 'cli', secrets: createMemorySecretStore(), environment: {} });
  const window = new TestWindow(app);
  const noticed = Promise.withResolvers<AppView['notices']>();
  app.connect({
    event: (_name, payload) => {
      const { notices = [] } = payload as Partial<AppView>;
      if (notices.length > 0) noticed.resolve(notices);
    },
    packet: () => {},
  });
  // Nothing listens there.
  await window.invoke('settings.update', { telemetry: { otlpEndpoint: 'http://127.0.0.1:9' } });
  expect(await window.type('Hello')).toMatchObject({ outcome: 'completed' });
  await window.invoke('settings.update', { telemetry: { otlpEndpoint: null } });
  expect(await noticed.promise).toMatchObject([
    { level: 'warning', message: expect.stringContaining('http://127.0.0.1:9') },
  ]);
  await app.close();
}, 30_000);

it('sends nothing of a private conversation, nor by default', async () => {
  const { endpoint, spans } = await startCollector();
  await talk({ otlpEndpoint: endpoint }, true);
  await talk({ otlpEndpoint: null });
  expect(spans).toEqual([]);
});
