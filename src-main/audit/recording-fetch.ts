/**
 * The one `fetch` that every provider is given. Within a turn it records each attempt with the exact bytes of its
 * request and response (after the transfer's own compression); outside of one it is plain `fetch`.
 * A form is turned into bytes here, once, so that what is recorded is what was sent. Uploaded sound is therefore kept
 * a second time, in the form it was sent in. Bodies given as streams are sent once they are complete.
 */
import { currentCall } from '../speech/call.ts';
import { Attempt, type AttemptSink } from './attempt.ts';

/** How long the rest of a body is still read after its reader lost interest. */
const DRAIN_MS = 1_000;

export function createRecordingFetch(sink: AttemptSink, baseFetch: typeof fetch = fetch): typeof fetch {
  async function recordingFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const context = currentCall();
    if (!context) return baseFetch(input, init);

    const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
    const request = new Request(input, { ...init, signal: null });
    const { method, url, headers } = request;
    const body = new Uint8Array(await request.arrayBuffer());
    const sent: RequestInit = { ...init, method, headers, signal, body: request.body ? body : null };

    const attempt = new Attempt(context, { method, url, headers, body }, sink);
    try {
      const response = await baseFetch(url, sent);
      attempt.respond(response);
      return record(response, attempt, signal);
    } catch (thrown) {
      attempt.finish(signal?.aborted ? 'aborted' : 'failed', reasonOf(thrown));
      throw thrown;
    }
  }
  // The SDK takes its constructor from here, instead of fetching something to see what comes back.
  return Object.assign(recordingFetch, { Response });
}

/** The same response, whose body is noted piece by piece as its reader pulls it. */
function record(response: Response, attempt: Attempt, signal: AbortSignal | null): Response {
  if (!response.body) {
    attempt.finish('completed', null);
    return response;
  }
  const reader = response.body.getReader();

  /** @returns null at the end of the body */
  async function next(): Promise<Uint8Array | null> {
    try {
      const { done, value } = await reader.read();
      if (done) attempt.finish('completed', null);
      else attempt.receive(value);
      return done ? null : value;
    } catch (thrown) {
      attempt.finish(signal?.aborted ? 'aborted' : 'failed', reasonOf(thrown));
      throw thrown;
    }
  }

  /**
   * A reader that stops without aborting has what it wanted: `[DONE]`, or the status of an answer that will be asked
   * for again. The rest, at most a moment's worth, belongs to the record, and leaves the connection usable.
   */
  async function drain(reason: unknown): Promise<void> {
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
