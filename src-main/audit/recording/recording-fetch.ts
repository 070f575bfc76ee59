/**
 * The one `fetch` that every provider is given. Within a turn it records each attempt with the exact bytes of its
 * request and response (after the transfer's own compression); outside of one it is plain `fetch`.
 * Forms and streams are turned into bytes here, once, so that what is recorded is what was sent. Uploaded sound is
 * therefore kept a second time, in the form it was sent in.
 */
import { currentCall } from '../../speech/call.ts';
import { Attempt, type AttemptSink } from './attempt.ts';

/** How long the rest of a body is still read after its reader lost interest. */
const DRAIN_MS = 1_000;
const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

export function createRecordingFetch(sink: AttemptSink, baseFetch: typeof fetch = fetch): typeof fetch {
  async function recordingFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const context = currentCall();
    if (!context) return baseFetch(input, init);

    const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
    const request = readyRequest(input, init) ?? (await readRequest(input, init));
    const { method, url, headers, body } = request;
    const abort = following(signal);
    const sent: RequestInit = { ...init, method, headers, signal: abort.signal, body };

    const attempt = new Attempt(context, { method, url, headers, body: body ?? NOTHING }, sink);
    try {
      const response = await baseFetch(url, sent);
      attempt.respond(response);
      return record(response, attempt, abort);
    } catch (thrown) {
      attempt.finish(abort.signal.aborted ? 'aborted' : 'failed', reasonOf(thrown));
      abort.ignore();
      throw thrown;
    }
  }
  // The SDK takes its constructor from here, instead of fetching something to see what comes back.
  return Object.assign(recordingFetch, { Response });
}

interface ReadRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** What providers send as a rule: text or bytes, whose type they name. @returns null for everything else */
function readyRequest(input: string | URL | Request, init: RequestInit = {}): ReadRequest | null {
  const { body } = init;
  if (typeof input !== 'string' || (typeof body !== 'string' && !(body instanceof Uint8Array))) return null;
  const headers = new Headers(init.headers);
  if (!headers.has('content-type')) return null;
  const bytes = typeof body === 'string' ? encoder.encode(body) : (body as Uint8Array<ArrayBuffer>);
  return { method: (init.method ?? 'GET').toUpperCase(), url: new URL(input).href, headers, body: bytes };
}

async function readRequest(input: string | URL | Request, init?: RequestInit): Promise<ReadRequest> {
  const request = new Request(input, { ...init, signal: null });
  const { method, url, headers } = request;
  return { method, url, headers, body: request.body && new Uint8Array(await request.arrayBuffer()) };
}

interface Abort {
  readonly signal: AbortSignal;
  /** From now on nothing aborts it any more. */
  ignore(): void;
}

/** Aborts when `signal` does, for as long as somebody wants the answer. */
function following(signal: AbortSignal | null): Abort {
  const own = new AbortController();
  const abort = () => own.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return { signal: own.signal, ignore: () => signal?.removeEventListener('abort', abort) };
}

/** The same response, whose body is noted piece by piece as its reader pulls it. */
function record(response: Response, attempt: Attempt, abort: Abort): Response {
  if (!response.body) {
    attempt.finish('completed', null);
    abort.ignore();
    return response;
  }
  const reader = response.body.getReader();

  /** @returns null at the end of the body */
  async function next(): Promise<Uint8Array | null> {
    try {
      const { done, value } = await reader.read();
      if (done) {
        attempt.finish('completed', null);
        abort.ignore();
      } else attempt.receive(value);
      return done ? null : value;
    } catch (thrown) {
      attempt.finish(abort.signal.aborted ? 'aborted' : 'failed', reasonOf(thrown));
      abort.ignore();
      throw thrown;
    }
  }

  /**
   * A reader that stops without aborting has what it wanted: `[DONE]`, or the status of an answer that will be asked
   * for again. The rest, at most a moment's worth, belongs to the record, and leaves the connection usable; that the
   * turn goes on, and aborts what it does not need any more, changes nothing of that.
   */
  async function drain(reason: unknown): Promise<void> {
    if (!abort.signal.aborted) abort.ignore();
    const timeout = setTimeout(() => {
      attempt.finish('aborted', `not read to the end: ${reasonOf(reason)}`);
      void reader.cancel(reason);
    }, DRAIN_MS);
    try {
      while (await next());
    } finally {
      clearTimeout(timeout);
    }
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await next();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
      cancel(reason) {
        drain(reason).catch(() => {
          // The attempt has noted it, and nobody reads any more.
        });
      },
    },
    { highWaterMark: 0 },
  );
  const { status, statusText, headers, url } = response;
  return Object.defineProperty(new Response(body, { status, statusText, headers }), 'url', { value: url });
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error ? `: ${thrown.cause.message}` : '';
  return `${thrown.name}: ${thrown.message}${cause}`;
}
