/**
 * One request to a provider as a voice needs it: a bound on the wait for the first byte, a watchdog on the rest, and a
 * single retry where nothing was delivered yet and trying again soon may help. Every failure leaves as a fault.
 */
import { setImmediate as nextRound, setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import type { ModelStage } from '../../speech/call.ts';
import { checkKey, createClient, DEFAULT_TIMEOUTS, type OpenAiServer, type Timeouts } from './client.ts';
import { errorStatus } from './error-status.ts';
import { AnswerStalled, AnswerTimedOut, isDisconnect, MalformedAnswer, providerFault, retryAfterMs } from './faults.ts';

/** The head of an answer, and its body as it comes. */
export interface Answer {
  /** Lower case, `''` when the server named none. */
  readonly contentType: string;
  readonly bytes: AsyncGenerator<Uint8Array, void>;
}

export interface Call {
  readonly signal: AbortSignal;
  /** Added to the wait for the first byte, in milliseconds. */
  readonly extraMs?: number;
  /** The items of a second attempt take the place of those of the first, so that it may follow at any time. */
  readonly repeatable?: boolean;
  send(client: OpenAI, options: OpenAI.RequestOptions): Promise<Response>;
}

interface Exchange {
  readonly answer: Answer;
  /** Resolves when the connection is free for the next request. */
  readonly closed: Promise<void>;
}

/** Longer than this nobody waits in silence; the fault says when to try again. */
const LONGEST_RETRY_AFTER_MS = 2_000;
const RETRY_PAUSE_MS = 200;
const LAST_BYTES_MS = 50;
/** In bytes: more than any model says, and an hour of sound. */
const LONGEST_ANSWER: Readonly<Record<ModelStage, number>> = { stt: 2 ** 26, llm: 2 ** 26, tts: 2 ** 28 };

export class Requester {
  readonly client: OpenAI;
  readonly #stage: ModelStage;
  readonly #server: OpenAiServer;
  readonly #model: string;
  readonly #timeouts: Timeouts;

  constructor(stage: ModelStage, server: OpenAiServer & { readonly model: string }) {
    this.client = createClient(server);
    this.#stage = stage;
    this.#server = server;
    this.#model = server.model;
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...server.timeouts };
  }

  /**
   * @param read makes items of the answer; it is called again with a new answer when the first attempt brought none.
   * @throws Fault, or the signal's reason
   */
  async *ask<T>(call: Call, read: (answer: Answer) => AsyncIterable<T>): AsyncGenerator<T, void> {
    for (let retried = false; ; retried = true) {
      call.signal.throwIfAborted();
      this.#checkKey();
      const attempt = new AbortController();
      // Not AbortSignal.any: what a request leaves on a signal would live as long as the turn.
      const abort = () => attempt.abort(call.signal.reason);
      call.signal.addEventListener('abort', abort, { once: true });
      let delivered = false;
      let complete = false;
      try {
        const { answer, closed } = await this.#send(call, attempt);
        for await (const item of read(answer)) {
          delivered = !call.repeatable;
          yield item;
        }
        complete = true;
        // All that was wanted is there; its last bytes are not cut off by a turn that goes on, so that the log has them.
        call.signal.removeEventListener('abort', abort);
        await closed;
        // The SDK's streams end in silence when they are aborted.
        call.signal.throwIfAborted();
        attempt.signal.throwIfAborted();
        return;
      } catch (thrown) {
        call.signal.throwIfAborted();
        const failure = attempt.signal.aborted ? attempt.signal.reason : thrown;
        const pauseMs = delivered || retried ? null : pauseBeforeRetry(failure);
        if (pauseMs === null) throw this.#fault(failure);
        await sleep(pauseMs, undefined, { signal: call.signal }).catch(() => call.signal.throwIfAborted());
      } finally {
        call.signal.removeEventListener('abort', abort);
        if (!complete) attempt.abort();
      }
    }
  }

  async #send(call: Call, attempt: AbortController): Promise<Exchange> {
    const firstByteMs = this.#timeouts.firstByteMs + Math.round(call.extraMs ?? 0);
    const timer = setTimeout(() => attempt.abort(new AnswerTimedOut(firstByteMs)), firstByteMs);
    try {
      const response = await call.send(this.client, { signal: attempt.signal });
      const body = response.body?.getReader();
      const first = await body?.read();
      const { promise: closed, resolve: close } = Promise.withResolvers<void>();
      if (!first?.value) close();
      const bytes = body && first?.value ? this.#watch(first.value, body, attempt, close) : nothing();
      return { answer: { contentType: (response.headers.get('content-type') ?? '').toLowerCase(), bytes }, closed };
    } finally {
      clearTimeout(timer);
    }
  }

  async *#watch(
    first: Uint8Array,
    body: ReadableStreamDefaultReader<Uint8Array>,
    attempt: AbortController,
    close: () => void,
  ): AsyncGenerator<Uint8Array, void> {
    const { stallMs } = this.#timeouts;
    let ended = false;
    let length = first.length;
    try {
      yield first;
      while (!ended) {
        const timer = setTimeout(() => attempt.abort(new AnswerStalled(stallMs)), stallMs);
        const next = await body.read().finally(() => clearTimeout(timer));
        ended = next.done;
        length += next.value?.length ?? 0;
        if (length > LONGEST_ANSWER[this.#stage]) throw new MalformedAnswer('it does not end');
        if (next.value) yield next.value;
      }
    } finally {
      // What was read is used at once; only the next request waits for the connection.
      void (ended ? Promise.resolve() : finish(body, attempt.signal))
        // The pool knows in the next round of the event loop that it is free.
        .then(() => nextRound())
        .then(close);
    }
  }

  #checkKey(): void {
    try {
      checkKey(this.#server);
    } catch (thrown) {
      throw this.#fault(thrown);
    }
  }

  #fault(failure: unknown) {
    const { baseUrl, apiKey } = this.#server;
    return providerFault(failure, { stage: this.#stage, baseUrl, model: this.#model, hasKey: apiKey !== null });
  }
}

/**
 * The reader has what it wanted, `[DONE]` as a rule, and the end of the body is due at once: taking it in frees the
 * connection for the next step of the turn, which would otherwise pay for a new one.
 */
async function finish(body: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal): Promise<void> {
  const timer = setTimeout(() => body.cancel().catch(() => {}), signal.aborted ? 0 : LAST_BYTES_MS);
  try {
    while (!(await body.read()).done);
  } catch {
    // Nobody reads any more.
  } finally {
    clearTimeout(timer);
  }
}

async function* nothing(): AsyncGenerator<never, void> {}

/** @returns null when trying again at once would not help. */
function pauseBeforeRetry(failure: unknown): number | null {
  if (failure instanceof APIConnectionTimeoutError) return null;
  if (failure instanceof APIConnectionError || isDisconnect(failure)) return RETRY_PAUSE_MS;
  const status = failure instanceof APIError ? errorStatus(failure) : undefined;
  if (!(failure instanceof APIError) || status === undefined) return null;
  const retryable = (status >= 500 && status !== 501) || [408, 409, 429].includes(status);
  if (!retryable || failure.code === 'insufficient_quota') return null;
  const askedMs = retryAfterMs(failure) ?? RETRY_PAUSE_MS;
  return askedMs <= LONGEST_RETRY_AFTER_MS ? askedMs : null;
}
