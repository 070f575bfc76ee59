/**
 * What every call to a provider has in common: how it is cancelled, what it reports, and which turn
 * it belongs to. The turn travels in an AsyncLocalStorage, so that the recording `fetch` and WebSocket can file the
 * exact bytes of an attempt without any provider knowing about the log.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** The kinds of model. */
export type ModelStage = 'stt' | 'llm' | 'tts';
/** What a call is made for: a stage of the pipeline, all of them at once (speech to speech), or a tool. */
export type CallStage = ModelStage | 'realtime' | 'tool';

export interface CallContext {
  readonly turnId: string;
  readonly stage: CallStage;
}

/** What a call consumed, as the provider said (`raw`) and as far as it could be understood (the rest). */
export interface Usage {
  readonly stage: ModelStage;
  /** `openai`, `practice`. */
  readonly provider: string;
  readonly model: string;
  /** The provider's own usage object, untouched; null when it sent none. */
  readonly raw: unknown;
  readonly inputTokens?: number;
  /** Of `inputTokens`, those served from a cache. */
  readonly cachedInputTokens?: number;
  readonly inputAudioTokens?: number;
  readonly outputTokens?: number;
  readonly outputAudioTokens?: number;
  /** Of `outputTokens`, those spent on hidden reasoning. */
  readonly reasoningTokens?: number;
  /** Sound sent (STT) or received (TTS), in milliseconds. */
  readonly audioMs?: number;
  /** Characters sent to TTS. */
  readonly characters?: number;
}

export interface CallOptions {
  /** Aborts the call; an aborted call throws the signal's reason, it never ends as if complete. */
  readonly signal: AbortSignal;
  /** Called once for each request that completed. */
  readonly onUsage?: (usage: Usage) => void;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The turn and stage on whose behalf the running code calls a provider; undefined outside a turn. */
export function currentCall(): CallContext | undefined {
  return storage.getStore();
}

/** Runs `work`, and what it starts, inside `context`. */
export function withCall<T>(context: CallContext, work: () => T): T {
  return storage.run(context, work);
}

/** Pulls every item of `source` inside `context`, so that work it does lazily is filed under it too. */
export async function* inCall<T>(context: CallContext, source: () => AsyncIterable<T>): AsyncGenerator<T, void> {
  const iterator = storage.run(context, () => source()[Symbol.asyncIterator]());
  try {
    while (true) {
      const next = await storage.run(context, () => iterator.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await storage.run(context, () => iterator.return?.());
  }
}
