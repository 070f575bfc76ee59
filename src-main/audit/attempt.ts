/** One HTTP exchange with a provider while it happens: gathers the exact bytes, and ends exactly once. */
import type { CallContext } from '../speech/call.ts';
import { blotOut, blotOutText, withholdHeaders, withholdInUrl } from './credentials.ts';
import { type Content, jsonContent } from './entries.ts';
import {
  type AttemptOutcome,
  type AttemptRecord,
  type AttemptResponse,
  BYTES_TYPE,
  type ChunksRecord,
} from './records.ts';

/** Takes the attempts of a recording fetch. */
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
  /** As sent; empty when there is none. */
  readonly body: Uint8Array;
}

export class Attempt {
  readonly turnId: string;
  readonly startedAt = Date.now();
  readonly #context: CallContext;
  readonly #request: SentRequest;
  readonly #sink: AttemptSink;
  readonly #start = performance.now();
  readonly #pieces: Uint8Array[] = [];
  readonly #chunks: ChunksRecord[number][] = [];
  #received = 0;
  #response: Response | null = null;
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
  respond(response: Response): void {
    this.#response = response;
    this.#headersAtMs = this.#elapsedMs();
  }

  /** A piece of the body came; copied, since the reader of the body may write over it. */
  receive(piece: Uint8Array): void {
    if (this.#end) return;
    this.#pieces.push(Buffer.from(piece));
    this.#chunks.push({ offset: this.#received, atMs: this.#elapsedMs() });
    this.#received += piece.length;
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
      requestId: this.#response.headers.get('x-request-id'),
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
      { name: 'request.body', type: BYTES_TYPE, bytes: blotOut(this.#request.body, hidden) },
    ];
    if (response) {
      const body = blotOut(Buffer.concat(this.#pieces), hidden);
      contents.push({ name: 'response.body', type: BYTES_TYPE, bytes: body });
      contents.push(jsonContent('response.chunks', this.#chunks));
    }
    return contents;
  }

  #elapsedMs(): number {
    return Math.round((performance.now() - this.#start) * 10) / 10;
  }
}
