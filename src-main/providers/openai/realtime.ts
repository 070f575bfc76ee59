/**
 * Speech to speech by the Realtime API. One connection is kept from turn to turn; a new one is told what the conversation
 * has come to, in words, and in sound where the words are not known yet.
 */
import { AsyncResource } from 'node:async_hooks';
import { APIConnectionError } from 'openai';
import type { AudioFrame } from '../../audio/frame.ts';
import { concatSamples } from '../../audio/frame.ts';
import { encodePcm } from '../../audio/wav.ts';
import { Channel } from '../../channel.ts';
import type { ChatItem } from '../../speech/llm/chat.ts';
import type {
  ListenOptions,
  RealtimeModel,
  RealtimeOutput,
  RealtimeSession,
  RespondOptions,
} from '../../speech/realtime/realtime.ts';
import type { SpeechEvent } from '../../speech/stt/stt.ts';
import { AnswerStalled, AnswerTimedOut } from './faults.ts';
import { answerUsage, RealtimeAnswer, truncation } from './realtime-answer.ts';
import type { Exchange, RealtimeConnection, RealtimeServer } from './realtime-connection.ts';
import { type KnownItem, synchronise } from './realtime-items.ts';
import { RealtimeLink } from './realtime-link.ts';
import { type HeardPiece, listen } from './realtime-listening.ts';
import { hearing, speaking } from './realtime-session.ts';
import { transcriptionUsage } from './stt.ts';

export interface OpenAiRealtimeConfig extends RealtimeServer {
  readonly model: string;
  /** Writes down what the user says, for people and for the log. */
  readonly transcriptionModel: string;
  /** Of `open(null)`; null is the server's usual one. */
  readonly voice: string | null;
  /** BCP 47; null lets the provider detect it. */
  readonly language: string | null;
}

export function openAiRealtime(config: OpenAiRealtimeConfig): RealtimeModel {
  return {
    label: `openai/${config.model}`,
    open: (voice) => new OpenAiRealtimeSession({ ...config, voice: voice ?? config.voice }),
  };
}

/** How long a cancelled answer may take to end. */
const CANCEL_MS = 2_000;

/** What the server at the other end of one connection remembers. */
class Memory {
  readonly connection: RealtimeConnection;
  known: ReadonlyMap<string, KnownItem> = new Map();
  /** Answers, by message. */
  readonly answers = new Map<string, RealtimeAnswer>();

  constructor(connection: RealtimeConnection) {
    this.connection = connection;
  }

  note(id: string, item: KnownItem): void {
    this.known = new Map(this.known).set(id, item);
  }
}

class OpenAiRealtimeSession implements RealtimeSession {
  readonly #config: OpenAiRealtimeConfig;
  readonly #link: RealtimeLink;
  #memory: Memory | null = null;
  /** What was said and is not written down yet, by message. */
  readonly #sounds = new Map<string, readonly Int16Array[]>();
  /** Settles when the server is free to answer. */
  #free: Promise<void> = Promise.resolve();

  constructor(config: OpenAiRealtimeConfig) {
    const { model, transcriptionModel, voice, language, ...server } = config;
    this.#config = config;
    this.#link = new RealtimeLink({
      server,
      stage: 'llm',
      model,
      query: `model=${encodeURIComponent(model)}`,
      session: () => ({
        type: 'realtime',
        output_modalities: ['audio'],
        audio: { input: hearing(transcriptionModel, language), output: speaking(voice) },
      }),
    });
  }

  listen(audio: AsyncIterable<AudioFrame>, options: ListenOptions): AsyncIterable<SpeechEvent> {
    const { messageId, signal, onHeard, onUsage } = options;
    const { transcriptionModel } = this.#config;
    return listen(audio, {
      link: this.#link,
      signal,
      items: 'whole',
      onCommitted: (piece, connection) => this.#remember(messageId, piece, connection),
      onHeard,
      onTranscribed: ({ durationMs, itemId, text }, usage, connection) => {
        this.#sounds.delete(messageId);
        if (this.#memory?.connection === connection) {
          this.#memory.note(messageId, { serverIds: [itemId], words: JSON.stringify([text]) });
        }
        onUsage?.(transcriptionUsage(transcriptionModel, usage, durationMs));
      },
    });
  }

  async *respond(context: readonly ChatItem[], options: RespondOptions): AsyncGenerator<RealtimeOutput, void> {
    const { signal } = options;
    let said = false;
    for (let retried = false; ; retried = true) {
      try {
        for await (const output of this.#attempt(context, options)) {
          said = true;
          yield output;
        }
        return;
      } catch (thrown) {
        signal.throwIfAborted();
        if (said || retried || !(thrown instanceof APIConnectionError)) throw this.#link.fault(thrown);
      }
    }
  }

  truncate(messageId: string, heardSamples: number): void {
    const memory = this.#memory;
    const answer = memory?.answers.get(messageId);
    if (!memory?.connection.alive || !answer) return;
    const exchange = memory.connection.exchange();
    const events = truncation(answer.items, heardSamples, answer.cancelled);
    for (const event of events) exchange.sendHarmless(event);
    exchange.close();
    const deleted = new Set(events.filter(({ audio_end_ms: end }) => end === undefined).map((event) => event.item_id));
    const left = answer.items.map(({ itemId }) => itemId).filter((itemId) => !deleted.has(itemId));
    memory.note(messageId, { serverIds: left, words: left.length > 0 ? null : '' });
  }

  warm(): void {
    this.#link.warm();
  }

  close(): void {
    this.#link.close();
  }

  async *#attempt(context: readonly ChatItem[], options: RespondOptions): AsyncGenerator<RealtimeOutput, void> {
    const { signal, messageId, instructions, tools, toolChoice } = options;
    await this.#free;
    const connection = await this.#link.connect(signal);
    const exchange = connection.exchange();
    const answer = new RealtimeAnswer();
    const outputs = new Channel<RealtimeOutput>();
    // At once: whatever the model says from here on, nobody will hear.
    const stop = AsyncResource.bind(() => {
      outputs.fail(signal.reason);
      if (answer.done || answer.cancelled) return;
      answer.cancelled = true;
      exchange.sendHarmless({ type: 'response.cancel' });
      exchange.failAfter(new AnswerStalled(CANCEL_MS), CANCEL_MS);
    });
    try {
      const memory = this.#tell(context, exchange);
      memory.answers.set(messageId, answer);
      exchange.send({
        type: 'response.create',
        response: {
          instructions,
          tools: tools.map((tool) => ({ type: 'function', ...tool })),
          tool_choice: toToolChoice(toolChoice),
        },
      });
      signal.addEventListener('abort', stop, { once: true });
      this.#free = this.#follow(exchange, answer, outputs, options);
      yield* outputs;
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  /** A server answers once at a time: the next answer waits until this one is over. Never rejects. */
  async #follow(
    exchange: Exchange,
    answer: RealtimeAnswer,
    outputs: Channel<RealtimeOutput>,
    { messageId, onUsage }: RespondOptions,
  ): Promise<void> {
    const memory = this.#memoryOf(exchange.connection);
    const { firstByteMs, stallMs } = exchange.connection.timeouts;
    try {
      exchange.failAfter(new AnswerTimedOut(firstByteMs), firstByteMs);
      while (!answer.done) {
        const event = await exchange.next();
        const known = answer.items.length;
        const said = answer.take(event);
        for (const output of said) outputs.push(output);
        if (answer.items.length > known) {
          memory.note(messageId, { serverIds: answer.items.map(({ itemId }) => itemId), words: null });
        }
        if (said.length > 0 && !answer.cancelled) exchange.failAfter(new AnswerStalled(stallMs), stallMs);
      }
      outputs.close();
    } catch (thrown) {
      outputs.fail(thrown);
      // Who knows what would come over it next.
      if (thrown instanceof AnswerTimedOut || thrown instanceof AnswerStalled) exchange.connection.close();
    }
    if (answer.done) onUsage?.(answerUsage(this.#config.model, answer.usage));
    exchange.close();
  }

  #remember(messageId: string, piece: HeardPiece, connection: RealtimeConnection): void {
    if (!piece.done) this.#sounds.set(messageId, piece.sounds);
    this.#memoryOf(connection).note(messageId, { serverIds: [piece.itemId], words: null });
  }

  #memoryOf(connection: RealtimeConnection): Memory {
    if (this.#memory?.connection !== connection) this.#memory = new Memory(connection);
    return this.#memory;
  }

  /** Brings the server up to date. */
  #tell(context: readonly ChatItem[], exchange: Exchange): Memory {
    const memory = this.#memoryOf(exchange.connection);
    for (const { calls } of memory.answers.values()) {
      for (const item of context) {
        const serverId = item.type === 'function_call' ? calls.get(item.callId) : undefined;
        if (serverId !== undefined && !memory.known.has(item.id))
          memory.note(item.id, { serverIds: [serverId], words: '' });
      }
    }
    const { events, known } = synchronise(context, memory.known, (id) => {
      const sounds = this.#sounds.get(id);
      return sounds ? Buffer.from(encodePcm(concatSamples(sounds))).toString('base64') : null;
    });
    for (const event of events) {
      if (event.type === 'conversation.item.delete') exchange.sendHarmless(event);
      else exchange.send(event);
    }
    memory.known = known;
    for (const id of [...this.#sounds.keys()]) if (!known.has(id)) this.#sounds.delete(id);
    return memory;
  }
}

function toToolChoice(choice: RespondOptions['toolChoice']): unknown {
  return typeof choice === 'object' ? { type: 'function', name: choice.name } : (choice ?? 'auto');
}
