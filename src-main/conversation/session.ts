/**
 * A conversation with an agent: what an app, and the agents themselves, can ask of it. Everything that happens in it is
 * announced as events. It knows nothing of windows, files or providers.
 */
import { randomUUID } from 'node:crypto';
import { Fault, reportFault, toFault } from '../fault.ts';
import { currentCall, type Usage } from '../speech/call.ts';
import type { ChatItem, ChatMessage } from '../speech/llm/chat.ts';
import type { Transport } from '../transport/transport.ts';
import { ActiveAgent } from './active-agent.ts';
import type { Agent } from './agent.ts';
import { ChatContext } from './chat-context.ts';
import type {
  AgentState,
  SessionEvent,
  SessionEventBody,
  SessionEventType,
  SessionListener,
  ToolCallDecision,
  UserState,
} from './events.ts';
import type { Models } from './models.ts';
import type { Speech } from './queued-speech.ts';
import { RealtimeSessions } from './realtime-sessions.ts';
import type { Session } from './session-interface.ts';
import { SessionListeners } from './session-listeners.ts';
import { PendingSpeech, type ReplyOptions, type SayOptions, type SpeechHandle } from './speech-handle.ts';
import { agentStateOf, userStateOf } from './states.ts';
import type { TurnState } from './turn.ts';
import type { InputDescription, SendOptions } from './turn-opening.ts';
import { NO_INPUT, Turns } from './turns.ts';

export interface AgentSessionOptions<UserData> {
  readonly agent: Agent<UserData>;
  /** What the agents of this conversation share. */
  readonly userData: UserData;
  /** Must answer at once: a turn begins the moment the key goes down. Read afresh for every turn. */
  readonly models: () => Models;
  /** Told of everything first. What it throws at `turn_started` keeps the turn from beginning. */
  readonly record?: SessionListener;
  /** What was said in a conversation of the log: it goes on under its id, or under one of its own is only remembered. */
  readonly resume?: { readonly id: string | null; readonly context: ChatContext };
}

export class AgentSession<UserData = unknown> implements Session<UserData> {
  readonly id: string;
  readonly userData: UserData;
  readonly #realtime = new RealtimeSessions();
  readonly #models: () => Models;
  readonly #listeners: SessionListeners;
  readonly #history = new ChatContext();
  readonly #usage: Usage[] = [];
  readonly #active: ActiveAgent<UserData>;
  readonly #turns: Turns;
  /** What an agent says while it leaves. */
  #farewell: PendingSpeech[] | null = null;
  #closing: Promise<void> | null = null;

  constructor({ agent, userData, models, record, resume }: AgentSessionOptions<UserData>) {
    this.id = resume?.id ?? randomUUID();
    this.userData = userData;
    this.#models = models;
    this.#listeners = new SessionListeners(record ?? null);
    this.#active = new ActiveAgent(
      {
        session: this,
        returns: resume !== undefined,
        instructionsChanged: (instructions) => this.#instructionsChanged(instructions),
        leaving: (onExit) => this.#sayFarewell(onExit),
        handedOver: (handoff) => this.#addItem(handoff),
      },
      agent,
      resume?.context ?? agent.chatCtx,
    );
    if (resume) this.#history.merge(resume.context);
    this.#turns = new Turns({
      session: this as AgentSession,
      realtime: this.#realtime,
      models,
      emit: (body) => this.#emit(body),
      enter: () => this.#active.enter(),
      handOver: (next) => this.updateAgent(next as Agent<UserData>),
      addItem: (item, turnId) => this.#addItem(item, turnId),
      stateChanged: (state) => this.#listeners.tellState(this.id, state),
    });
  }

  get state(): TurnState {
    return this.#turns.state;
  }

  get userState(): UserState {
    return userStateOf(this.state);
  }

  get agentState(): AgentState {
    return agentStateOf(this.state);
  }

  get currentAgent(): Agent<UserData> {
    return this.#active.current;
  }

  /** The models of the settings, which an agent uses where it has none of its own. */
  get models(): Models {
    return this.#turns.current?.models ?? this.#models();
  }

  get language(): string | null {
    return this.models.language;
  }

  /** Everything that was said, called and handed over, by every agent of the conversation; a copy. */
  get history(): ChatContext {
    return this.#history.copy();
  }

  /** What the conversation consumed so far. */
  get usage(): readonly Usage[] {
    return this.#usage;
  }

  /** Given to providers as `onUsage`: files it under the turn on whose behalf the call was made. */
  readonly reportUsage = (usage: Usage): void => {
    const turnId = currentCall()?.turnId ?? this.#turns.current?.id;
    if (!turnId) return;
    this.#usage.push(usage);
    this.#emit({ type: 'usage_reported', turnId, usage });
  };

  /** Listens to everything, or to one type of event. @returns stops listening. */
  on(listener: SessionListener): () => void;
  on<T extends SessionEventType>(type: T, listener: (event: Extract<SessionEvent, { type: T }>) => unknown): () => void;
  on<T extends SessionEventType>(
    first: T | SessionListener,
    second?: (event: Extract<SessionEvent, { type: T }>) => unknown,
  ): () => void {
    if (typeof first === 'function') return this.#listeners.add(null, first);
    return this.#listeners.add(first, second as SessionListener);
  }

  onState(listener: (state: TurnState) => void): () => void {
    return this.#listeners.addForState(listener);
  }

  /** Lets the agent enter, and speak first if it wants to. @param transport where it is heard */
  async start(transport: Transport): Promise<void> {
    this.#turns.start(transport);
    await this.#active.enter().catch((thrown: unknown) => {
      this.#failedBetweenTurns(thrown);
      throw thrown;
    });
  }

  /** The talk key went down. @throws Fault when the turn can't be kept, and so must not begin. */
  press(options: {
    takeId: number;
    transport: Transport;
    input: InputDescription;
    /** The turn that is said, or sent, again from its beginning. */
    retryOf?: string | null;
  }): void {
    const { takeId, transport, input, retryOf = null } = options;
    this.#turns.dispatch(
      { type: 'press', turnId: randomUUID(), takeId },
      { transport, source: 'voice', input, content: null, retryOf },
    );
  }

  release(release: { takeId: number; heldMs: number; lost: boolean }): void {
    this.#turns.dispatch({ type: 'release', ...release });
  }

  /** @param sequence counts the take's frames from 0. @param samples 24 kHz mono. */
  receive(takeId: number, sequence: number, samples: Int16Array): void {
    if (takeOf(this.state) === takeId) this.#turns.current?.receive(sequence, samples);
  }

  captureFailed(takeId: number, fault: Fault): void {
    const { state } = this;
    if (state.phase === 'arming' && state.takeId === takeId) this.#turns.current?.blame(fault.in('capture'));
    this.#turns.dispatch({ type: 'capture_failed', takeId });
  }

  cancel(): void {
    this.#turns.dispatch({ type: 'cancel' });
  }

  /** Stops what the agent says. */
  interrupt(): void {
    this.#turns.dispatch({ type: 'interrupt' });
  }

  /**
   * Ends what the user is saying, as if the key had come up.
   * @param options.reply false leaves the words unanswered
   * @returns the transcript. @throws Fault when nothing is being said, or recognition fails
   */
  commitUserTurn({ reply = true }: { reply?: boolean } = {}): Promise<string> {
    const turn = this.#turns.current;
    const takeId = takeOf(this.state);
    if (!turn || takeId === null) {
      const hint = 'Commit while the microphone is open.';
      return Promise.reject(new Fault('nothing-to-commit', 'Nobody is speaking', { hint }));
    }
    turn.reply = reply;
    this.release({ takeId, heldMs: 0, lost: true });
    return turn.committed;
  }

  /** Drops what the user is saying, or has said while its words are not known yet. */
  clearUserTurn(): void {
    if (takeOf(this.state) !== null || this.state.phase === 'transcribing') this.cancel();
  }

  /** @returns the new turn's id. @throws Fault while the microphone is open, or when the turn can't be kept. */
  send({ transport, content, retryOf, speaker }: SendOptions): string {
    if (takeOf(this.state) !== null) {
      throw new Fault('microphone-open', 'A recording is still running', { hint: 'Let go of the talk key first.' });
    }
    const turnId = randomUUID();
    this.#turns.dispatch(
      { type: 'send', turnId, content: content.type },
      {
        transport,
        source: retryOf ? 'retry' : 'text',
        input: speaker ? { ...NO_INPUT, speaker } : NO_INPUT,
        content,
        retryOf,
      },
    );
    return turnId;
  }

  /** Says it, after what is being said already. */
  say(text: string | AsyncIterable<string>, { addToChatCtx = true, audio }: SayOptions = {}): SpeechHandle {
    return this.#speakUp({ type: 'say', text, audio: audio ?? null, addToChatCtx });
  }

  /** Has the agent's model say something, after what is being said already. */
  generateReply({ instructions, userInput, chatCtx, toolChoice }: ReplyOptions = {}): SpeechHandle {
    const turnContext = chatCtx ? { context: chatCtx.copy(), known: this.currentAgent.liveContext.ids } : null;
    if (userInput !== undefined && this.#active.greets) this.#give(userInput);
    return this.#speakUp({
      type: 'reply',
      instructions: instructions ?? null,
      toolChoice: toolChoice ?? null,
      turnContext,
    });
  }

  /** Hands the conversation over: onExit of the one, then onEnter of the other. @throws Fault of a hook */
  updateAgent(agent: Agent<UserData>): Promise<void> {
    return this.#active.handOver(agent);
  }

  #instructionsChanged(instructions: string): void {
    this.#addItem({ type: 'instructions_change', id: randomUUID(), createdAt: Date.now(), instructions });
  }

  /**
   * What the user said has come to be known, or known better, after it was committed: announced anew for the same message.
   * For agents that hear elsewhere. @internal
   */
  amendUserSpeech(said: { readonly turnId: string; readonly messageId: string; readonly text: string }): void {
    const message = this.#history.getById(said.messageId);
    if (message?.type === 'message') message.content = [said.text];
    this.#emit({ type: 'user_speech_committed', ...said });
  }

  /** A call that had to be allowed was, or was not. @internal */
  announceDecision(decided: {
    readonly turnId: string;
    readonly callId: string;
    readonly decision: ToolCallDecision;
  }): void {
    this.#emit({ type: 'tool_call_decided', ...decided });
  }

  /** Ends the turn in flight, as interrupted, waits until every turn is settled, and lets the agent leave, once. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#turns.close();
    await this.#active.leave().catch((thrown: unknown) => this.#failedBetweenTurns(thrown));
    this.#realtime.close();
    this.#emit({ type: 'close' });
  }

  /** Has the conversation hold it for the user's. */
  #give(userInput: string | ChatMessage): void {
    const { liveContext } = this.currentAgent;
    if (typeof userInput === 'string') {
      this.#addItem(liveContext.addMessage({ role: 'user', content: userInput }));
    } else if (!liveContext.getById(userInput.id)) {
      const message: ChatMessage = { ...userInput, role: 'user' };
      liveContext.insert(message);
      this.#addItem(message);
    }
  }

  #speakUp(speech: Speech): SpeechHandle {
    const handle = new PendingSpeech();
    this.#farewell?.push(handle);
    if (this.#active.greets) this.#turns.speak({ speech, handle });
    else handle.finish(true);
    return handle;
  }

  async #sayFarewell(onExit: Promise<void>): Promise<void> {
    const said: PendingSpeech[] = [];
    this.#farewell = said;
    await onExit.finally(() => {
      this.#farewell = null;
    });
    // Before the answer it only waits, perhaps for the very hook that hands over.
    if (this.#turns.current?.answering) await Promise.all(said.map(({ made }) => made));
  }

  /** A hook that fails within a turn is that turn's error. */
  #failedBetweenTurns(thrown: unknown): void {
    if (this.#turns.current) return;
    this.#emit({ type: 'error', turnId: null, error: reportFault(toFault(thrown, 'hook')), recoverable: true });
  }

  /** The body itself becomes the event: a copy of each would cost more than most listeners do. */
  #emit(body: SessionEventBody): void {
    this.#listeners.tell(Object.assign(body, { at: Date.now(), sessionId: this.id }) as SessionEvent);
  }

  #addItem(item: ChatItem, turnId?: string): void {
    this.#history.insert(item);
    this.#turns.announce(item, turnId);
  }
}

function takeOf(state: TurnState): number | null {
  return 'takeId' in state ? state.takeId : null;
}
