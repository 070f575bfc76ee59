/**
 * `fetch` for the requests of a turn: text or bytes over a connection of the pool, and what comes back. It spares them
 * what `fetch` does for web pages, which costs half a millisecond before a request and again at the head of its answer.
 * Whatever else is asked is left to `fetch`. An answer that sends the question elsewhere is followed within its server,
 * and once; any other is left to whoever asked.
 */
import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Dispatcher } from 'undici';
import { MalformedAnswer } from './faults.ts';

/** What may wait unread before the server is held up: more than the answers that come in one piece. */
const UNREAD_BYTES = 65_536;

export const directFetch: typeof fetch = async (input, init = {}) => {
  const { dispatcher, body }: { dispatcher?: unknown; body?: unknown } = init;
  const plain = typeof body === 'string' || body instanceof Uint8Array;
  if (!(dispatcher instanceof Dispatcher) || typeof input !== 'string' || !plain) return fetch(input, init);
  const response = await dispatch(dispatcher, input, init, body);
  const elsewhere = nextAddress(response, input);
  if (elsewhere === null) return unpacked(response);
  await response.body?.cancel();
  return unpacked(await dispatch(dispatcher, elsewhere, init, body));
};

/** Where the same question is to be asked again: 307 and 308 say so, the others want another one. */
function nextAddress({ status, headers }: Response, asked: string): string | null {
  const location = headers.get('location');
  const next = (status === 307 || status === 308) && location ? URL.parse(location, asked) : null;
  return next?.origin === new URL(asked).origin ? next.href : null;
}

/** Rejects, and fails the body, as `fetch` does: with the signal's reason, or a TypeError that has the cause. */
function dispatch(
  dispatcher: Dispatcher,
  url: string,
  init: RequestInit,
  body: string | Uint8Array,
): Promise<Response> {
  const { origin, pathname, search } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const { signal } = init;
  let connection: Dispatcher.DispatchController | null = null;
  let stream: ReadableStreamDefaultController<Uint8Array> | null = null;
  let over = false;

  function fail(thrown: unknown): void {
    end();
    reject(thrown);
    stream?.error(thrown);
  }
  function end(): void {
    over = true;
    signal?.removeEventListener('abort', abort);
  }
  function abort(): void {
    fail(signal?.reason);
    connection?.abort(signal?.reason);
  }

  if (signal?.aborted) return Promise.reject(signal.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const headers = new Headers(init.headers);
  if (!headers.has('accept-encoding')) headers.set('accept-encoding', 'identity');
  dispatcher.dispatch(
    {
      origin,
      path: pathname + search,
      method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
      headers: Object.fromEntries(headers),
      body,
    },
    {
      onRequestStart(controller) {
        connection = controller;
        // It was given up while it waited for a connection.
        if (over) controller.abort(signal?.reason);
      },
      onResponseStart(controller, status, head, statusText = '') {
        if (status < 200) return;
        const answer = new ReadableStream<Uint8Array>(
          {
            start(opened) {
              stream = opened;
            },
            pull() {
              if (controller.paused) controller.resume();
            },
            cancel(reason) {
              end();
              controller.abort(reason instanceof Error ? reason : new Error(String(reason)));
            },
          },
          new ByteLengthQueuingStrategy({ highWaterMark: UNREAD_BYTES }),
        );
        const bodyless = status === 204 || status === 205 || status === 304;
        resolve(new Response(bodyless ? null : answer, { status, statusText, headers: headersOf(head) }));
      },
      onResponseData(controller, chunk) {
        if (over) return;
        stream?.enqueue(chunk);
        if ((stream?.desiredSize ?? 1) <= 0) controller.pause();
      },
      onResponseEnd() {
        if (over) return;
        end();
        stream?.close();
      },
      onResponseError(_controller, cause) {
        if (!over) fail(new TypeError(stream ? 'terminated' : 'fetch failed', { cause }));
      },
    },
  );
  return promise;
}

function headersOf(head: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(head))
    for (const value of [values].flat()) headers.append(name, value);
  return headers;
}

const UNPACKED = 'Turn compression off on the server, or on the proxy before it.';

/** Some servers pack what nobody asked them to. */
function unpacked(response: Response): Response {
  const packing = response.headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (!response.body || packing === 'identity' || packing === '') return response;
  const { status, statusText, headers } = response;
  return new Response(ReadableStream.from(unpack(response.body, packing)), { status, statusText, headers });
}

/** @throws MalformedAnswer */
async function* unpack(body: ReadableStream, packing: string): AsyncGenerator<Uint8Array, void> {
  const open = UNPACKING[packing];
  if (!open) {
    await body.cancel();
    throw new MalformedAnswer(`it is packed as ${packing}, which nobody asked for`, UNPACKED);
  }
  try {
    const unpacking = pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), open(), () => {});
    yield* unpacking as AsyncIterable<Uint8Array>;
  } catch (thrown) {
    throw thrown instanceof Error && 'code' in thrown && /^(Z_|ERR_BROTLI|ERR__ERROR)/.test(String(thrown.code))
      ? new MalformedAnswer(`it can't be unpacked as ${packing}, which it says it is`, UNPACKED)
      : thrown;
  }
}

const UNPACKING: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
