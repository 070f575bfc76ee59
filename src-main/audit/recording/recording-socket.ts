/**
 * The one WebSocket that every provider is given. A connection outlives turns, so each turn that sends over it gets an
 * attempt of its own, with everything that was sent for it and everything that came in from then until it ended. What
 * comes in while two turns overlap is kept with both. Outside of turns nothing is recorded.
 */
import type { ClientRequest, ClientRequestArgs, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { type CallContext, currentCall } from '../../speech/call.ts';
import { Attempt, type AttemptSink, type ResponseHead } from './attempt.ts';

const LINE_END = Buffer.from('\n');

/** @returns a class to be used in place of `ws`'s own */
export function createRecordingSocket(sink: AttemptSink): typeof WebSocket {
  return class RecordingSocket extends WebSocket {
    readonly #url: string;
    readonly #headers: Headers;
    readonly #attempts = new Map<string, Attempt>();
    #head: ResponseHead | null = null;

    constructor(address: string | URL, options: WebSocket.ClientOptions | ClientRequestArgs = {}) {
      super(address, options);
      this.#url = String(address);
      this.#headers = headersOf(options.headers);
      this.#attempt();
    }

    override send(data: string, ...rest: []): void {
      this.#attempt()?.send(line(Buffer.from(data)));
      super.send(data, ...rest);
    }

    // Not listeners: one for `unexpected-response` would change what the connection does.
    override emit(event: string | symbol, ...args: unknown[]): boolean {
      if (event === 'upgrade') this.#answer(args[0] as IncomingMessage);
      else if (event === 'unexpected-response') this.#refuse(args as [ClientRequest, IncomingMessage]);
      else if (event === 'message') this.#each((attempt) => attempt.receive(line(args[0] as Buffer)));
      else if (event === 'error') this.#finish(`${args[0]}`);
      else if (event === 'close') this.#finish(`closed with ${args[0]} ${args[1]}`.trim());
      return super.emit(event, ...args);
    }

    /** That of the turn on whose behalf the running code calls; made when there is none. */
    #attempt(): Attempt | null {
      const context = currentCall();
      if (!context) return null;
      const key = keyOf(context);
      const known = this.#attempts.get(key);
      if (known && !known.ended) return known;
      const attempt = new Attempt(context, { method: 'GET', url: this.#url, headers: this.#headers, body: null }, sink);
      if (this.#head) attempt.respond(this.#head);
      this.#attempts.set(key, attempt);
      return attempt;
    }

    #answer(response: IncomingMessage): void {
      const head = headOf(response);
      this.#head = head;
      this.#each((attempt) => attempt.respond(head));
    }

    #refuse([, response]: [ClientRequest, IncomingMessage]): void {
      this.#answer(response);
      response.on('data', (piece: Buffer) => this.#each((attempt) => attempt.receive(piece)));
    }

    #finish(reason: string): void {
      this.#each((attempt) => attempt.finish('failed', reason));
      this.#attempts.clear();
    }

    /** Of the turns that are not over. */
    #each(work: (attempt: Attempt) => void): void {
      for (const [key, attempt] of this.#attempts) {
        if (attempt.ended) this.#attempts.delete(key);
        else work(attempt);
      }
    }
  } as unknown as typeof WebSocket;
}

function keyOf({ turnId, stage }: CallContext): string {
  return `${turnId} ${stage}`;
}

function line(message: Buffer): Uint8Array {
  return Buffer.concat([message, LINE_END]);
}

function headOf(response: IncomingMessage): ResponseHead {
  const headers = new Headers();
  for (let i = 0; i + 1 < response.rawHeaders.length; i += 2) {
    headers.append(response.rawHeaders[i] as string, response.rawHeaders[i + 1] as string);
  }
  return { status: response.statusCode ?? 0, headers };
}

function headersOf(headers: ClientRequestArgs['headers']): Headers {
  const entries = Object.entries((headers ?? {}) as Record<string, string>);
  return new Headers(entries.map(([name, value]) => [name, String(value)] as [string, string]));
}
