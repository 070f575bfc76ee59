/**
 * A conversation with an agent, without an app around it: the real session, detector and OpenAI providers over HTTP,
 * a microphone that plays what it is given and a listener who hears everything at once.
 */
import { onTestFinished } from 'vitest';
import { findInstallation } from '../../src-main/app/installation.ts';
import { type AudioFrame, concatSamples, PIPELINE_RATE } from '../../src-main/audio/frame.ts';
import type { AuditLog } from '../../src-main/audit/audit-log.ts';
import { type Agent, type AgentOptions, type AgentParts, agent } from '../../src-main/conversation/agent.ts';
import type { SessionEvent, SessionEventType, SessionListener } from '../../src-main/conversation/events.ts';
import type { Models } from '../../src-main/conversation/models.ts';
import { AgentSession } from '../../src-main/conversation/session.ts';
import type { Outcome } from '../../src-main/conversation/turn.ts';
import type { FaultReport } from '../../src-main/fault.ts';
import { openAiLlm } from '../../src-main/providers/openai/llm.ts';
import { openAiTranscriber } from '../../src-main/providers/openai/stt.ts';
import { openAiSpeaker } from '../../src-main/providers/openai/tts.ts';
import type { RealtimeModel } from '../../src-main/speech/realtime/realtime.ts';
import { segmentedStt } from '../../src-main/speech/stt/segmented.ts';
import { sentenceTts } from '../../src-main/speech/tts/sentence-tts.ts';
import { loadVad } from '../../src-main/speech/vad/silero-vad.ts';
import type { Playback, Transport } from '../../src-main/transport/transport.ts';
import { DEFAULT_SETTINGS } from '../../src-preload/settings.ts';
import { type ProviderServer, type ProviderServerOptions, startProviderServer } from './provider-server.ts';
import { quiet } from './speech.ts';

const FRAME = PIPELINE_RATE / 50;

/** What a turn came to. */
export interface ToldTurn {
  readonly id: string;
  readonly outcome: Outcome;
  /** The user's words, as the conversation keeps them. */
  readonly user: string;
  /** The agent's words, as they were shown. */
  readonly reply: string;
  readonly heard: string;
  readonly error: FaultReport | null;
  readonly stopReason: string | null;
  /** Sound of the reply at 24 kHz. */
  readonly sound: Int16Array;
}

/** One message of a request to the model. */
export interface SentMessage {
  readonly role: string;
  readonly content: string | null;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

export interface ConversationOptions<UserData> extends ProviderServerOptions {
  readonly agent: Agent<UserData>;
  readonly userData?: UserData;
  /** What keeps the conversation; nothing by default. */
  readonly record?: SessionListener;
  /** Keeps the conversation, with the requests that are made for it. */
  readonly log?: AuditLog;
  /** Speech to speech, as the settings would have it; none by default. */
  readonly realtime?: RealtimeModel;
  /** Samples of each reply that the listener hears before the sound stands still; all by default. */
  readonly hearsUpTo?: number;
}

export class Conversation<UserData = unknown> {
  readonly session: AgentSession<UserData>;
  readonly server: ProviderServer;
  readonly events: SessionEvent[] = [];
  readonly transport: Transport;
  readonly #waiting = new Set<() => void>();
  readonly #listeners: Listener[] = [];
  #hearsUpTo: number;
  #nextTake = 1;

  constructor(session: AgentSession<UserData>, server: ProviderServer, hearsUpTo: number) {
    this.session = session;
    this.server = server;
    this.#hearsUpTo = hearsUpTo;
    this.transport = {
      play: () => {
        const listener = new Listener(() => this.#hearsUpTo);
        this.#listeners.push(listener);
        return listener;
      },
    };
    session.on((event) => {
      this.events.push(event);
      this.#wake();
    });
    session.onState(() => this.#wake());
  }

  /** Lets the agent enter. @returns the turn in which it spoke first, if it did */
  async start(): Promise<ToldTurn | null> {
    await this.session.start(this.transport);
    const first = this.eventsOf('turn_started')[0];
    return first ? this.outcome(first.turnId) : null;
  }

  /** Sends typed words without waiting. @returns the turn's id */
  send(text: string): string {
    return this.session.send({ transport: this.transport, content: { type: 'text', text }, retryOf: null });
  }

  /** Sends typed words. @returns the turn, once it is over */
  type(text: string): Promise<ToldTurn> {
    return this.outcome(this.send(text));
  }

  /** Presses the talk key. @returns the turn's id */
  press(): string {
    const takeId = this.#nextTake++;
    this.session.press({ takeId, transport: this.transport, input: { deviceLabel: 'Test', processing: [] } });
    const { state } = this.session;
    if (state.phase === 'idle') throw new Error('The press opened no turn');
    return state.turnId;
  }

  /** Speaks while the key is held. */
  speak(samples: Int16Array): void {
    const { state } = this.session;
    if (!('takeId' in state)) throw new Error('The microphone is closed');
    for (let start = 0; start < samples.length; start += FRAME) {
      this.session.receive(state.takeId, start / FRAME, samples.slice(start, start + FRAME));
    }
  }

  release(): void {
    const { state } = this.session;
    if ('takeId' in state) this.session.release({ takeId: state.takeId, heldMs: 2_000, lost: false });
  }

  /** Holds the key, says it, lets go. @returns the turn, once it is over */
  say(samples: Int16Array): Promise<ToldTurn> {
    const turnId = this.press();
    this.speak(concatSamples([samples, quiet(400)]));
    this.release();
    return this.outcome(turnId);
  }

  /** From here on the sound of a reply stands still after so many samples. */
  hearNoFurther(samples: number): void {
    this.#hearsUpTo = samples;
  }

  /** The sound that stood still goes on, of this reply and of those that follow. */
  hearOn(): void {
    this.#hearsUpTo = Number.POSITIVE_INFINITY;
    for (const listener of this.#listeners) listener.hear();
  }

  async outcome(turnId: string): Promise<ToldTurn> {
    const ended = await this.until(() => this.eventsOf('turn_ended', turnId)[0]);
    const committed = this.eventsOf('agent_speech_committed', turnId)[0];
    return {
      id: turnId,
      outcome: ended.outcome,
      user: this.eventsOf('user_speech_committed', turnId)[0]?.text ?? '',
      reply: this.eventsOf('agent_text_generated', turnId)
        .map(({ text }) => text)
        .join(''),
      heard: committed?.heardText ?? '',
      error: ended.error,
      stopReason: ended.stopReason,
      sound: concatSamples(this.eventsOf('agent_audio_generated', turnId).map(({ samples }) => samples)),
    };
  }

  eventsOf<T extends SessionEventType>(type: T, turnId?: string): Extract<SessionEvent, { type: T }>[] {
    const all = this.events as { type: SessionEventType; turnId?: string }[];
    const wanted = all.filter((event) => event.type === type && (turnId === undefined || event.turnId === turnId));
    return wanted as unknown as Extract<SessionEvent, { type: T }>[];
  }

  /** Names of the functions that were called and agents that took over, in order. */
  get steps(): string[] {
    return this.session.history.items.flatMap((item) => {
      if (item.type === 'function_call') return [item.name];
      return item.type === 'agent_handoff' ? [`→ ${item.to}`] : [];
    });
  }

  /** What the model was shown, request by request. */
  get prompts(): (readonly SentMessage[])[] {
    return this.server.requests('llm').map(({ json }) => json?.messages as SentMessage[]);
  }

  /** What the messages of one request to the model said, in order. */
  shown(request: number): (string | null)[] | undefined {
    return this.prompts[request]?.map(({ content }) => content);
  }

  /** What was to be spoken, request by request. */
  get spoken(): string[] {
    return this.server.requests('tts').map(({ json }) => String(json?.input));
  }

  /** Waits for an event or a change of state after which `look` finds something. */
  async until<T>(look: () => T | null | undefined | false): Promise<T> {
    while (true) {
      const found = look();
      if (found !== null && found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

export async function converse<UserData>(options: ConversationOptions<UserData>): Promise<Conversation<UserData>> {
  const server = await startProviderServer(options);
  onTestFinished(() => server.close());
  const record = options.log?.record ?? options.record;
  const session = new AgentSession<UserData>({
    agent: options.agent,
    userData: options.userData as UserData,
    ...(record ? { record } : {}),
    models: modelsOf(server, await loadVad(findInstallation().models), options),
  });
  onTestFinished(() => session.close());
  options.log?.expect({ sessionId: session.id, agentId: options.agent.id });
  return new Conversation(session, server, options.hearsUpTo ?? Number.POSITIVE_INFINITY);
}

/** A conversation with an agent that has these parts and nothing else to it. */
export function withHost(
  parts: AgentParts<unknown> & Partial<AgentOptions> = {},
  options: Omit<ConversationOptions<unknown>, 'agent'> = {},
): Promise<Conversation> {
  return converse({ ...options, agent: agent({ id: 'host', instructions: '', ...parts }) });
}

/** The models of one server, as the settings would have them. */
function modelsOf(
  { baseUrl }: ProviderServer,
  vad: Models['vad'],
  { realtime, log }: Pick<ConversationOptions<unknown>, 'realtime' | 'log'>,
): () => Models {
  const config = { baseUrl, apiKey: 'sk-test-credential', fetch: log?.recordingFetch ?? globalThis.fetch };
  const stt = segmentedStt(openAiTranscriber({ ...config, model: 'gpt-4o-mini-transcribe' }));
  const llm = openAiLlm({ ...config, model: 'gpt-5-mini' });
  const tts = (voice: string | null) =>
    sentenceTts(
      openAiSpeaker({ ...config, model: 'gpt-4o-mini-tts', voice: voice ?? 'alloy', sampleRate: PIPELINE_RATE }),
    );
  return () => ({
    stt,
    llm,
    tts,
    realtime: realtime ?? null,
    vad,
    vadOptions: (agent) => ({ ...DEFAULT_SETTINGS.vad, ...agent.vad }),
    language: 'en',
  });
}

/** A loudspeaker that answers later, never from within the call that feeds it. */
class Listener implements Playback {
  readonly #hearsUpTo: () => number;
  readonly #done = Promise.withResolvers<{ heardSamples: number; complete: boolean }>();
  readonly #onHeard: ((heardSamples: number) => void)[] = [];
  #written = 0;
  #heard = 0;
  #ended = false;

  constructor(hearsUpTo: () => number) {
    this.#hearsUpTo = hearsUpTo;
  }

  get done(): Promise<{ heardSamples: number; complete: boolean }> {
    return this.#done.promise;
  }

  write({ samples }: AudioFrame): void {
    this.#written += samples.length;
    this.hear();
  }

  /** Hears as much as it may. */
  hear(): void {
    const heard = Math.min(this.#written, this.#hearsUpTo());
    if (heard > this.#heard) {
      this.#heard = heard;
      queueMicrotask(() => {
        for (const listener of this.#onHeard) listener(heard);
      });
    }
    if (this.#ended && this.#heard === this.#written) this.#done.resolve({ heardSamples: heard, complete: true });
  }

  end(): void {
    this.#ended = true;
    this.hear();
  }

  stop(): void {
    this.#done.resolve({ heardSamples: this.#heard, complete: false });
  }

  onHeard(listener: (heardSamples: number) => void): void {
    this.#onHeard.push(listener);
  }
}
