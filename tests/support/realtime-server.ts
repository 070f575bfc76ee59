/**
 * A Realtime server to test against, for what aimock can't do: sound, a conversation that remembers, refusals, and every
 * way to break off. It keeps the rules of the OpenAI API: one response at a time, no commit under 100 ms, items by id.
 */
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextRound } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { concatSamples } from '../../src-main/audio/frame.ts';
import { encodePcm } from '../../src-main/audio/wav.ts';

export interface ReceivedEvent {
  readonly type: string;
  /** From 1. */
  readonly connection: number;
  readonly [field: string]: unknown;
}

export interface ServerItem {
  readonly id: string;
  readonly type: string;
  readonly role?: string;
  readonly content?: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

export interface ScriptedReply {
  readonly text?: string;
  /** 24 kHz. */
  readonly sound?: Int16Array;
  readonly calls?: readonly { readonly callId: string; readonly name: string; readonly arguments: string }[];
  /** Never ends by itself. */
  readonly endless?: boolean;
}

/** One client's connection, for scripts of trouble. */
export interface ServerEnd {
  readonly connection: number;
  send(event: Record<string, unknown>): void;
  /** A message that need not be an event. */
  say(text: string): void;
  /** Cuts the line. */
  drop(): void;
  /** Ends it, and says why. */
  close(code: number, reason: string): void;
}

export interface RealtimeServerOptions {
  readonly transcript?: string | ((samples: Int16Array) => string);
  readonly reply?: ScriptedReply | ((items: readonly ServerItem[]) => ScriptedReply);
  /** @returns true when it has dealt with the event in place of the server */
  readonly intercept?: (event: ReceivedEvent, end: ServerEnd) => boolean;
}

export interface TestRealtimeServer {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly events: readonly ReceivedEvent[];
  readonly connections: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  /** What was committed, item by item. */
  readonly heard: readonly Int16Array[];
  /** The conversation of the newest connection, in order. */
  items(): readonly ServerItem[];
  types(): string[];
  dropAll(): void;
  /** Waits for an event from the client. */
  received(type: string, times?: number): Promise<ReceivedEvent>;
  close(): Promise<void>;
}

/** Fewer than text-to-speech has. */
const VOICES = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'];
const CHUNK_SAMPLES = 2_400;
const USAGE = {
  total_tokens: 150,
  input_tokens: 100,
  output_tokens: 50,
  input_token_details: { text_tokens: 40, audio_tokens: 60, cached_tokens: 20 },
  output_token_details: { text_tokens: 10, audio_tokens: 40 },
};

export async function startRealtimeServer(options: RealtimeServerOptions = {}): Promise<TestRealtimeServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const events: ReceivedEvent[] = [];
  const connections: { url: string; headers: IncomingHttpHeaders }[] = [];
  const heard: Int16Array[] = [];
  const watchers = new Set<() => void>();
  let newest: Conversation | null = null;

  server.on('connection', (socket, request) => {
    const connection = connections.push({ url: request.url ?? '', headers: request.headers });
    const conversation = new Conversation(socket, options, heard);
    newest = conversation;
    const end: ServerEnd = {
      connection,
      send: (event) => conversation.send(event),
      say: (text) => socket.send(text),
      drop: () => socket.terminate(),
      close: (code, reason) => socket.close(code, reason),
    };
    socket.on('message', (data) => {
      if (socket.readyState !== socket.OPEN) return;
      const event = { ...JSON.parse(String(data)), connection } as ReceivedEvent;
      events.push(event);
      if (!options.intercept?.(event, end)) conversation.take(event);
      for (const watcher of watchers) watcher();
    });
    conversation.send({ type: 'session.created', session: { expires_at: Math.floor(Date.now() / 1000) + 3_600 } });
  });

  const ofType = (type: string) => events.filter((event) => event.type === type);
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    events,
    connections,
    heard,
    items: () => newest?.items ?? [],
    types: () => events.map(({ type }) => type),
    dropAll: () => {
      for (const socket of server.clients) socket.terminate();
    },
    async received(type, times = 1) {
      while (ofType(type).length < times) {
        await new Promise<void>((resolve) => {
          const watcher = () => {
            watchers.delete(watcher);
            resolve();
          };
          watchers.add(watcher);
        });
      }
      return ofType(type)[times - 1] as ReceivedEvent;
    },
    async close() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Conversation {
  readonly items: ServerItem[] = [];
  readonly #socket: WebSocket;
  readonly #options: RealtimeServerOptions;
  readonly #heard: Int16Array[];
  #buffer: Int16Array[] = [];
  #active: { cancelled: boolean } | null = null;
  #count = 0;

  constructor(socket: WebSocket, options: RealtimeServerOptions, heard: Int16Array[]) {
    this.#socket = socket;
    this.#options = options;
    this.#heard = heard;
  }

  send(event: Record<string, unknown>): void {
    this.#socket.send(JSON.stringify({ event_id: this.#id('event'), ...event }));
  }

  take(event: ReceivedEvent): unknown {
    switch (event.type) {
      case 'session.update':
        return this.#update(event);
      case 'input_audio_buffer.append':
        return this.#buffer.push(decode(event.audio as string));
      case 'input_audio_buffer.clear':
        this.#buffer = [];
        return this.send({ type: 'input_audio_buffer.cleared' });
      case 'input_audio_buffer.commit':
        return this.#commit(event);
      case 'conversation.item.create':
        return this.#create(event);
      case 'conversation.item.delete':
        return this.#remove(event.item_id as string) || this.#refuse(event, 'item_delete_invalid_item_id');
      case 'conversation.item.truncate':
        return this.#truncate(event);
      case 'response.create':
        return this.#active ? this.#refuse(event, 'conversation_already_has_active_response') : this.#respond();
      case 'response.cancel':
        if (this.#active) this.#active.cancelled = true;
        else this.#refuse(event, 'response_cancel_not_active');
        return;
    }
  }

  #update(event: ReceivedEvent): void {
    const { audio } = event.session as { audio?: { output?: { voice?: string } } };
    if (VOICES.includes(audio?.output?.voice ?? 'alloy'))
      this.send({ type: 'session.updated', session: event.session });
    else this.#refuse(event, 'invalid_value');
  }

  #truncate(event: ReceivedEvent): void {
    const { item_id, audio_end_ms } = event;
    if (!this.items.some(({ id }) => id === item_id)) this.#refuse(event, 'item_truncate_invalid_item_id');
    else this.send({ type: 'conversation.item.truncated', item_id, audio_end_ms });
  }

  #commit(event: ReceivedEvent): void {
    const samples = concatSamples(this.#buffer);
    this.#buffer = [];
    if (samples.length < 2_400) {
      this.#refuse(event, 'input_audio_buffer_commit_empty');
      return;
    }
    this.#heard.push(samples);
    const id = this.#id('item');
    const item = { id, type: 'message', role: 'user', content: [{ type: 'input_audio', transcript: null }] };
    this.send({ type: 'input_audio_buffer.committed', item_id: id, previous_item_id: this.items.at(-1)?.id ?? null });
    this.items.push(item);
    this.send({ type: 'conversation.item.added', item });
    const { transcript = 'What time is it?' } = this.#options;
    const text = typeof transcript === 'string' ? transcript : transcript(samples);
    const type = 'conversation.item.input_audio_transcription';
    for (const delta of text.match(/\S+\s*/g) ?? []) {
      this.send({ type: `${type}.delta`, item_id: id, content_index: 0, delta });
    }
    const usage = { type: 'duration', seconds: samples.length / 24_000 };
    this.send({ type: `${type}.completed`, item_id: id, content_index: 0, transcript: text, usage });
  }

  #create(event: ReceivedEvent): void {
    const { item, previous_item_id: previous } = event as unknown as { item: ServerItem; previous_item_id?: string };
    const after = this.items.findIndex(({ id }) => id === previous);
    if (previous !== undefined && previous !== 'root' && after < 0) {
      this.#refuse(event, 'invalid_previous_item');
      return;
    }
    this.items.splice(previous === undefined ? this.items.length : after + 1, 0, item);
    this.send({ type: 'conversation.item.added', item });
  }

  #remove(id: string): boolean {
    const at = this.items.findIndex((item) => item.id === id);
    if (at < 0) return false;
    this.items.splice(at, 1);
    return true;
  }

  async #respond(): Promise<void> {
    const { reply = { text: 'It is noon.', sound: new Int16Array(12_000) } } = this.#options;
    const { text = '', sound, calls = [], endless } = typeof reply === 'function' ? reply([...this.items]) : reply;
    const active = { cancelled: false };
    this.#active = active;
    const response_id = this.#id('resp');
    this.send({ type: 'response.created', response: { id: response_id, status: 'in_progress' } });
    if (text !== '') {
      const item = { id: this.#id('item'), type: 'message', role: 'assistant', content: [] };
      this.items.push(item);
      const place = { response_id, item_id: item.id, content_index: 0 };
      this.send({ type: 'response.output_item.added', response_id, item });
      for (const delta of text.match(/\S+\s*/g) ?? []) {
        this.send({ type: 'response.output_audio_transcript.delta', ...place, delta });
      }
      for (let at = 0; sound && at < sound.length && !active.cancelled; at += CHUNK_SAMPLES) {
        const delta = Buffer.from(encodePcm(sound.slice(at, at + CHUNK_SAMPLES))).toString('base64');
        this.send({ type: 'response.output_audio.delta', ...place, delta });
        await nextRound();
      }
    }
    for (const { callId, name, arguments: args } of calls) {
      const item = { id: this.#id('item'), type: 'function_call', call_id: callId, name, arguments: args };
      this.items.push(item);
      this.send({ type: 'response.output_item.done', response_id, item });
    }
    while (endless && !active.cancelled && this.#socket.readyState === this.#socket.OPEN) await nextRound();
    this.#active = null;
    const status = active.cancelled ? 'cancelled' : 'completed';
    this.send({ type: 'response.done', response: { id: response_id, status, usage: USAGE } });
  }

  #refuse({ event_id }: ReceivedEvent, code: string): void {
    const error = { type: 'invalid_request_error', code, message: `refused: ${code}`, event_id };
    this.send({ type: 'error', error });
  }

  #id(prefix: string): string {
    this.#count += 1;
    return `${prefix}_${this.#count}`;
  }
}

function decode(audio: string): Int16Array {
  const bytes = Buffer.from(audio, 'base64');
  return Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i));
}
