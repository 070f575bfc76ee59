/**
 * One exchange with a provider while it happens: an HTTP request and its response, or what a turn says and hears over a
 * WebSocket. Gathers the exact bytes, and ends exactly once.
 */
import type { CallContext } from '../../speech/call.ts';
import { type Content, jsonContent } from '../chain/entries.ts';
import { takeApart } from '../chain/parts.ts';
import {
  type AttemptOutcome,
  type AttemptRecord,
  type AttemptResponse,
  BYTES_TYPE,
  type ChunksRecord,
  PARTED_TYPE,
} from '../chain/records.ts';
import { blotOut, blotOutText, withholdHeaders, withholdInUrl } from './credentials.ts';

/** Takes the attempts that a recording fetch or WebSocket makes. */
export interface AttemptSink {
  /** It is about to be sent. */
  opened(attempt: Attempt): void;
  /** Nothing more will be added to it. */
  finished(attempt: Attempt): void;
}

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** As sent; empty when there is none. null when messages follow instead. */
  readonly body: Uint8Array | null;
}

export interface ResponseHead {
  readonly status: number;
  readonly headers: Headers;
}

/** Bytes as they come, and when. */
class Pieces {
  readonly chunks: ChunksRecord[number][] = [];
  readonly #bytes: Uint8Array[] = [];
  #length = 0;

  /** Copied, since its owner may write over it. */
  add(piece: Uint8Array, atMs: number): void {
    this.#bytes.push(Buffer.from(piece));
    this.chunks.push({ offset: this.#length, atMs });
    this.#length += piece.length;
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#bytes);
  }
}

export class Attempt {
  readonly turnId: string;
  readonly startedAt = Date.now();
  readonly #context: CallContext;
  readonly #request: SentRequest;
  readonly #sink: AttemptSink;
  readonly #start = performance.now();
  readonly #sent = new Pieces();
  readonly #received = new Pieces();
  #response: ResponseHead | null = null;
  #headersAtMs = 0;
  #end: { outcome: AttemptOutcome; error: string | null; durationMs: number } | null = null;

  constructor(context: CallContext, request: SentRequest, sink: AttemptSink) {
    this.turnId = context.turnId;
    this.#context = context;
    this.#request = request;
    this.#sink = sink;
    sink.opened(this);
  }

  /** The status and the headers are there. */
  respond(response: ResponseHead): void {
    this.#response = response;
    this.#headersAtMs = this.#elapsedMs();
  }

  /** A message goes out over a connection that stays open. */
  send(message: Uint8Array): void {
    if (!this.#end) this.#sent.add(message, this.#elapsedMs());
  }

  /** A piece of the body, or a message, came. */
  receive(piece: Uint8Array): void {
    if (!this.#end) this.#received.add(piece, this.#elapsedMs());
  }

  /** Its turn is over. Messages end with that; a request should have had its answer. */
  endWithTurn(reason: string): void {
    if (this.#request.body === null) this.finish('completed', null);
    else this.finish('aborted', reason);
  }

  get ended(): boolean {
    return this.#end !== null;
  }

  /** Only the first call counts. */
  finish(outcome: AttemptOutcome, error: string | null): void {
    if (this.#end) return;
    this.#end = { outcome, error, durationMs: this.#elapsedMs() };
    this.#sink.finished(this);
  }

  /** What the log keeps of it, once finished; credentials are left out here, before anything is stored. */
  contents(): Content[] {
    const sent = withholdHeaders(this.#request.headers);
    const { url, secrets } = withholdInUrl(this.#request.url);
    const answered = this.#response && withholdHeaders(this.#response.headers);
    const hidden = [...new Set([...sent.secrets, ...secrets, ...(answered?.secrets ?? [])])];
    const response: AttemptResponse | null = this.#response && {
      status: this.#response.status,
      headers: (answered?.kept ?? []).map(([name, value]) => [name, blotOutText(value, hidden)] as const),
      requestId: requestIdOf(this.#response.headers),
      headersAtMs: this.#headersAtMs,
    };
    const record: AttemptRecord = {
      stage: this.#context.stage,
      method: this.#request.method,
      url: blotOutText(url, hidden),
      startedAt: this.startedAt,
      durationMs: this.#end?.durationMs ?? this.#elapsedMs(),
      outcome: this.#end?.outcome ?? 'aborted',
      error: this.#end?.error ? blotOutText(this.#end.error, hidden) : null,
      requestHeaders: sent.kept.map(([name, value]) => [name, blotOutText(value, hidden)] as const),
      withheld: [...sent.withheld, ...(answered?.withheld ?? [])],
      response,
    };
    const contents: Content[] = [
      jsonContent('attempt', record),
      requestBody(blotOut(this.#request.body ?? this.#sent.bytes, hidden), this.#request.body === null),
    ];
    if (this.#request.body === null) contents.push(jsonContent('request.chunks', this.#sent.chunks));
    if (response) {
      contents.push({ name: 'response.body', type: BYTES_TYPE, bytes: blotOut(this.#received.bytes, hidden) });
      contents.push(jsonContent('response.chunks', this.#received.chunks));
    }
    return contents;
  }

  #elapsedMs(): number {
    return Math.round((performance.now() - this.#start) * 10) / 10;
  }
}

/** @param messages what went over a WebSocket, in which little is repeated */
function requestBody(bytes: Uint8Array, messages: boolean): Content {
  const apart = messages ? null : takeApart(bytes);
  return { name: 'request.body', ...(apart ? { type: PARTED_TYPE, ...apart } : { type: BYTES_TYPE, bytes }) };
}

/** OpenAI's name for it first, then those of other providers and of the gateways before them. */
const REQUEST_IDS = ['x-request-id', 'request-id', 'apim-request-id', 'x-amzn-requestid', 'x-ms-request-id', 'cf-ray'];

function requestIdOf(headers: Headers): string | null {
  for (const name of REQUEST_IDS) {
    const id = headers.get(name);
    if (id) return id;
  }
  return null;
}
