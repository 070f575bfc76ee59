/**
 * A provider to test against: aimock speaks the OpenAI protocol, and a small relay before it keeps the exact bytes of
 * every request, times the answers, and breaks them on demand. Real HTTP on 127.0.0.1 all the way.
 */
import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ChatMessage, LLMock } from '@copilotkit/aimock';
import { encodePcm, readWavHeader } from '../../src-main/audio/wav.ts';
import type { ModelStage } from '../../src-main/speech/call.ts';

/** What a transcription request carried. */
export interface SentAudio {
  readonly samples: Int16Array;
  /** In Hz. */
  readonly sampleRate: number;
  readonly filename: string;
  /** The other fields of the form: `model`, `prompt`, `language`, `stream`. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface ReceivedRequest {
  readonly method: string;
  /** `/v1/chat/completions`. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** null for requests that are no step of a turn, such as `OPTIONS /` or `GET /v1/models`. */
  readonly stage: ModelStage | null;
  /** The body of chat and speech requests. */
  readonly json?: Record<string, unknown>;
  /** The body of transcription requests. */
  readonly audio?: SentAudio;
  /** Which connection it came by, counted from 1. */
  readonly connection: number;
}

/**
 * How an answer goes wrong.
 * - `error`: 500. `rate-limit`: 429 with `Retry-After: 1`. `malformed`: 200 with broken JSON.
 * - `hang-up`: the connection closes before the answer.
 * - `disconnect`: it closes after `afterBytes` of the answer's body.
 * - `stall`: nothing more comes after `afterBytes`, and the connection stays open. 0 is a first byte that never comes.
 */
export interface Trouble {
  readonly kind: 'error' | 'rate-limit' | 'malformed' | 'hang-up' | 'disconnect' | 'stall';
  readonly stage: ModelStage;
  /** How many requests it happens to; all when left out. */
  readonly times?: number;
  readonly afterBytes?: number;
}

/** Words, or words and functions that the model asks for. */
export type Reply = string | { readonly content?: string; readonly toolCalls: readonly AskedCall[] };

export interface AskedCall {
  readonly name: string;
  /** JSON, or what is to be taken for it. */
  readonly arguments: string | Readonly<Record<string, unknown>>;
}

export interface ProviderServerOptions {
  /** The words of every recording, or how to tell them. */
  readonly transcript?: string | ((audio: SentAudio) => string);
  readonly reply?: Reply | ((messages: readonly ChatMessage[]) => Reply);
  /** 24 kHz mono: the sound of every text, or how to make it. By default a soft tone, 50 ms a character. */
  readonly speech?: Int16Array | ((text: string) => Int16Array);
  /** Milliseconds from a request to the first byte of its answer, and tokens a second after that (default: at once). */
  readonly latencies?: {
    readonly stt?: number;
    readonly llm?: number;
    readonly tts?: number;
    readonly tokensPerSecond?: number;
  };
  readonly chaos?: readonly Trouble[];
}

export interface ProviderServer {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  /** Everything that was asked, in order of arrival. */
  requests(stage?: ModelStage): readonly ReceivedRequest[];
  /** Replaces the troubles in force; none by default. */
  setChaos(troubles?: readonly Trouble[]): void;
  /** Ends open connections too. */
  close(): Promise<void>;
}

const STAGE_OF_PATH: Readonly<Record<string, ModelStage>> = {
  '/v1/audio/transcriptions': 'stt',
  '/v1/chat/completions': 'llm',
  '/v1/audio/speech': 'tts',
};
/** In characters; about a token. */
const REPLY_CHUNK = 5;

export async function startProviderServer(options: ProviderServerOptions = {}): Promise<ProviderServer> {
  const requests: ReceivedRequest[] = [];
  const mock = await startMock(options, requests);
  const agent = new Agent({ keepAlive: true });
  const connections = new WeakMap<object, number>();
  let connectionCount = 0;
  let troubles = startTroubles(options.chaos ?? []);

  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const received = await interpret(request, body, connections.get(request.socket) ?? 0);
    requests.push(received);
    const trouble = received.stage ? troubles(received.stage) : null;
    if (trouble?.kind === 'hang-up') return response.destroy();
    relay(received, requests.length - 1, trouble, response);
  });
  server.on('connection', (socket) => connections.set(socket, ++connectionCount));

  function relay(received: ReceivedRequest, index: number, trouble: Trouble | null, response: ServerResponse): void {
    const upstream = forward(mock.url + received.path, {
      agent,
      method: received.method,
      headers: {
        ...received.headers,
        ...chaosHeaders(trouble),
        ...delayHeader(received.stage, options),
        'x-aimock-context': String(index),
      },
    });
    response.on('close', () => upstream.destroy());
    upstream.on('error', () => response.destroy());
    upstream.on('response', async (answer) => {
      const cut = trouble?.kind === 'disconnect' || trouble?.kind === 'stall' ? (trouble.afterBytes ?? 300) : Infinity;
      let sent = 0;
      try {
        if (cut > 0) response.writeHead(answer.statusCode ?? 502, answer.headers);
        for await (const chunk of answer as AsyncIterable<Buffer>) {
          const part = chunk.subarray(0, Math.max(0, cut - sent));
          if (part.length > 0 && !response.write(part)) await once(response, 'drain');
          sent += chunk.length;
          if (sent >= cut) break;
        }
      } catch {
        response.destroy();
      }
      if (sent < cut) response.end();
      else if (trouble?.kind === 'disconnect') setImmediate(() => response.destroy());
    });
    upstream.end(received.body);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: (stage) => requests.filter((request) => !stage || request.stage === stage),
    setChaos: (next = []) => {
      troubles = startTroubles(next);
    },
    async close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await mock.stop();
    },
  };
}

async function startMock(options: ProviderServerOptions, requests: readonly ReceivedRequest[]): Promise<LLMock> {
  const { transcript = 'What time is it?', reply = 'It is noon. The sun is high.', speech = softTone } = options;
  const mock = new LLMock({ port: 0, chunkSize: REPLY_CHUNK });
  const audioOf = (context: string | undefined) => requests[Number(context)]?.audio as SentAudio;
  mock.addFixtures([
    {
      match: { endpoint: 'transcription' },
      response: ({ _context }) => {
        const audio = audioOf(_context);
        const text = typeof transcript === 'string' ? transcript : transcript(audio);
        const tokens = Math.ceil((audio.samples.length / audio.sampleRate) * 10);
        const usage = {
          type: 'tokens',
          input_tokens: tokens,
          input_token_details: { text_tokens: 0, audio_tokens: tokens },
          output_tokens: Math.ceil(text.length / 4),
          total_tokens: tokens + Math.ceil(text.length / 4),
        };
        return { transcription: { text, usage } };
      },
    },
    {
      match: { endpoint: 'chat' },
      ...(options.latencies?.tokensPerSecond ? { streamingProfile: { tps: options.latencies.tokensPerSecond } } : {}),
      response: ({ messages }) => {
        const answer = typeof reply === 'function' ? reply(messages) : reply;
        const { content = '', toolCalls = [] } = typeof answer === 'string' ? { content: answer } : answer;
        const tokens = { prompt_tokens: JSON.stringify(messages).length, completion_tokens: content.length };
        const usage = { ...tokens, total_tokens: tokens.prompt_tokens + tokens.completion_tokens };
        if (toolCalls.length === 0) return { content, usage };
        return { content, toolCalls: toolCalls.map(asToolCall), usage };
      },
    },
    {
      match: { endpoint: 'speech' },
      response: ({ messages }) => {
        const samples = typeof speech === 'function' ? speech(String(messages[0]?.content)) : speech;
        return { audio: Buffer.from(encodePcm(samples)).toString('base64'), format: 'pcm' };
      },
    },
  ]);
  await mock.start();
  return mock;
}

/** Hands out the troubles, each as often as it may happen. */
function startTroubles(list: readonly Trouble[]): (stage: ModelStage) => Trouble | null {
  const left = list.map((trouble) => ({ trouble, times: trouble.times ?? Infinity }));
  return (stage) => {
    const next = left.find(({ trouble, times }) => trouble.stage === stage && times > 0);
    if (next) next.times -= 1;
    return next?.trouble ?? null;
  };
}

function asToolCall({ name, arguments: args }: AskedCall): { name: string; arguments: string } {
  return { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) };
}

function chaosHeaders(trouble: Trouble | null): Record<string, string> {
  if (trouble?.kind === 'error') return { 'x-aimock-chaos-drop': '1' };
  if (trouble?.kind === 'rate-limit') return { 'x-aimock-chaos-ratelimit': '1' };
  if (trouble?.kind === 'malformed') return { 'x-aimock-chaos-malformed': '1' };
  return {};
}

function delayHeader(stage: ModelStage | null, { latencies }: ProviderServerOptions): Record<string, string> {
  const delayMs = stage ? latencies?.[stage] : undefined;
  return delayMs ? { 'x-aimock-chaos-latency': String(delayMs) } : {};
}

async function interpret(request: IncomingMessage, body: Buffer, connection: number): Promise<ReceivedRequest> {
  const { method = 'GET', url: path = '/', headers } = request;
  const stage = STAGE_OF_PATH[path] ?? null;
  const received = { method, path, headers, body, stage, connection };
  if (stage === 'stt') return { ...received, audio: await readForm(headers['content-type'] ?? '', body) };
  if (stage) return { ...received, json: JSON.parse(body.toString()) as Record<string, unknown> };
  return received;
}

async function readForm(contentType: string, body: Buffer): Promise<SentAudio> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  const file = form.get('file') as File;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const header = readWavHeader(bytes);
  if (!header) throw new Error('the upload is not a WAV file');
  const fields = [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    samples: new Int16Array(bytes.slice(header.dataOffset).buffer),
    sampleRate: header.sampleRate,
    filename: file.name,
    fields: Object.fromEntries(fields),
  };
}

function softTone(text: string): Int16Array {
  return Int16Array.from({ length: text.length * 1_200 }, (_, i) =>
    Math.round(3_000 * Math.sin((2 * Math.PI * 330 * i) / 24_000)),
  );
}
