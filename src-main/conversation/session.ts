/**
 * A conversation with an agent. It carries out what the turn's state machine decides: takes the sound in, has it
 * recognised, answered and spoken by the agent's nodes, and announces all of it as events. It knows nothing of
 * windows, files or providers.
 */
import { randomUUID } from 'node:crypto';
import { Fault } from '../fault.ts';
import { currentCall, type Usage } from '../speech/call.ts';
import type { ChatItem } from '../speech/llm/chat.ts';
import type { Transport } from '../transport/transport.ts';
import type { Agent } from './agent.ts';
import type { Speech } from './answer.ts';
import { ChatContext } from './chat-context.ts';
import type { SessionEvent, SessionEventBody, SessionEventType, SessionListener } from './events.ts';
import { runHook } from './hooks.ts';
import type { Models } from './models.ts';
import { RealtimeSessions } from './realtime-sessions.ts';
import { SessionListeners } from './session-listeners.ts';
import { PendingSpeech, type ReplyOptions, type SayOptions, type SpeechHandle } from './speech-handle.ts';
import { advance, IDLE, type Outcome, TAP_MS, type TurnEffect, type TurnEvent, type TurnState } from './turn.ts';
import type { InputDescription, Opening, QueuedSpeech, SendOptions } from './turn-opening.ts';
import { type TurnHost, TurnRun } from './turn-run.ts';

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

const NO_INPUT: InputDescription = { deviceLabel: null, processing: [] };

export class AgentSession<UserData = unknown> {
  readonly id: string;
  readonly userData: UserData;
  /** For turns and answers alone. @internal */
  readonly realtime = new RealtimeSessions();
  readonly #models: () => Models;
  readonly #listeners: SessionListeners;
  readonly #stateListeners = new Set<(state: TurnState) => void>();
  readonly #history = new ChatContext();
  readonly #usage: Usage[] = [];
  /** What is to be said before any turn could say it. */
  readonly #waiting: QueuedSpeech[] = [];
  readonly #host: TurnHost;
  #agent: Agent<UserData>;
  #entering: Promise<void> | null = null;
  #state: TurnState = IDLE;
  #turn: TurnRun | null = null;
  #transport: Transport | null = null;
  /** Turns that are closed but still owe the conversation their words. */
  #settling: Promise<unknown> = Promise.resolve();
  #announced = false;

  constructor({ agent, userData, models, record, resume }: AgentSessionOptions<UserData>) {
    this.id = resume?.id ?? randomUUID();
    this.#agent = agent;
    this.userData = userData;
    this.#models = models;
    this.#listeners = new SessionListeners(record ?? null);
    agent.attach(this, resume?.context ?? agent.chatCtx);
    if (resume) this.#history.merge(resume.context);
    this.#host = {
      session: this as AgentSession,
      unanswered: new Map(),
      emit: (body) => this.#emit(body),
      dispatch: (event) => this.#dispatch(event),
      isCurrent: (turn) => this.#turn === turn,
      entered: () => this.#enter(),
      settled: () => this.#settling,
      addItem: (item, turnId) => this.#addItem(item, turnId),
      handOver: (next) => this.updateAgent(next as Agent<UserData>),
    };
  }

  get state(): TurnState {
    return this.#state;
  }

  get currentAgent(): Agent<UserData> {
    return this.#agent;
  }

  /** The models of the settings, which an agent uses where it has none of its own. */
  get models(): Models {
    return this.#turn?.models ?? this.#models();
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
    const turnId = currentCall()?.turnId ?? this.#turn?.id;
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
    if (typeof first === 'function') return this.#listeners.add(first);
    return this.#listeners.add((event) =>
      event.type === first ? second?.(event as Extract<SessionEvent, { type: T }>) : undefined,
    );
  }

  onState(listener: (state: TurnState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Lets the agent enter, and speak first if it wants to. @param transport where it is heard */
  async start(transport: Transport): Promise<void> {
    this.#transport = transport;
    await this.#enter();
  }

  /** The talk key went down. @throws Fault when the turn can't be kept, and so must not begin. */
  press(options: { takeId: number; transport: Transport; input: InputDescription }): void {
    const { takeId, transport, input } = options;
    this.#dispatch(
      { type: 'press', turnId: randomUUID(), takeId },
      { transport, source: 'voice', input, content: null, retryOf: null },
    );
  }

  release(release: { takeId: number; heldMs: number; lost: boolean }): void {
    this.#dispatch({ type: 'release', ...release });
  }

  /** @param sequence counts the take's frames from 0. @param samples 24 kHz mono. */
  receive(takeId: number, sequence: number, samples: Int16Array): void {
    if (takeOf(this.#state) === takeId) this.#turn?.take?.receive(sequence, samples);
  }

  captureFailed(takeId: number, fault: Fault): void {
    const { state } = this;
    if (state.phase === 'arming' && state.takeId === takeId) this.#turn?.blame(fault.in('capture'));
    this.#dispatch({ type: 'capture_failed', takeId });
  }

  cancel(): void {
    this.#dispatch({ type: 'cancel' });
  }

  /** Stops what the agent says. */
  interrupt(): void {
    this.#dispatch({ type: 'interrupt' });
  }

  /**
   * Ends what the user is saying, as if the key had come up.
   * @param options.reply false leaves the words unanswered
   * @returns the transcript. @throws Fault when nothing is being said, or recognition fails
   */
  commitUserTurn({ reply = true }: { reply?: boolean } = {}): Promise<string> {
    const turn = this.#turn;
    const takeId = takeOf(this.#state);
    if (!turn || takeId === null) {
      const hint = 'Commit while the microphone is open.';
      return Promise.reject(new Fault('nothing-to-commit', 'Nobody is speaking', { hint }));
    }
    turn.reply = reply;
    this.release({ takeId, heldMs: 0, lost: true });
    return turn.committed;
  }

  /** Drops what the user is saying. */
  clearUserTurn(): void {
    if (takeOf(this.#state) !== null) this.cancel();
  }

  /** @returns the new turn's id. @throws Fault while the microphone is open, or when the turn can't be kept. */
  send({ transport, content, retryOf }: SendOptions): string {
    if (takeOf(this.#state) !== null) {
      throw new Fault('microphone-open', 'A recording is still running', { hint: 'Let go of the talk key first.' });
    }
    const turnId = randomUUID();
    this.#dispatch(
      { type: 'send', turnId, content: content.type },
      { transport, source: retryOf ? 'retry' : 'text', input: NO_INPUT, content, retryOf },
    );
    return turnId;
  }

  /** Says it, after what is being said already. */
  say(text: string | AsyncIterable<string>, { addToChatCtx = true }: SayOptions = {}): SpeechHandle {
    return this.#speakUp({ type: 'say', text, addToChatCtx });
  }

  /** Has the agent's model say something, after what is being said already. */
  generateReply({ instructions, userInput, toolChoice }: ReplyOptions = {}): SpeechHandle {
    if (userInput !== undefined)
      this.#addItem(this.#agent.liveContext.addMessage({ role: 'user', content: userInput }));
    return this.#speakUp({
      type: 'reply',
      instructions: instructions ?? null,
      toolChoice: toolChoice ?? null,
      turnContext: null,
    });
  }

  /** Hands the conversation over: onExit of the one, then onEnter of the other. @throws Fault of a hook */
  async updateAgent(agent: Agent<UserData>): Promise<void> {
    const from = this.#agent;
    if (agent === from) return;
    await runHook(`${from.id}.onExit`, () => from.onExit());
    from.detach();
    this.#agent = agent;
    this.#entering = null;
    // An agent that brings no conversation of its own carries on with this one.
    const brought = agent.chatCtx;
    agent.attach(this, brought.items.length > 0 ? brought : from.chatCtx);
    this.#addItem({
      type: 'agent_handoff',
      id: randomUUID(),
      createdAt: Date.now(),
      from: from.id,
      to: agent.id,
    });
    await this.#enter();
  }

  /** For the agent alone. @internal */
  instructionsChanged(instructions: string): void {
    this.#addItem({ type: 'instructions_change', id: randomUUID(), createdAt: Date.now(), instructions });
  }

  /** Ends the turn in flight, as interrupted, waits until every turn is settled, and lets the agent leave. */
  async close(): Promise<void> {
    if (this.#turn) {
      this.#state = IDLE;
      this.#closeTurn(this.#turn, 'interrupted', false);
    }
    await this.#settling;
    if (this.#entering) await runHook(`${this.#agent.id}.onExit`, () => this.#agent.onExit()).catch(() => {});
    this.realtime.close();
    this.#emit({ type: 'close' });
  }

  #enter(): Promise<void> {
    const agent = this.#agent;
    this.#entering ??= runHook(`${agent.id}.onEnter`, () => agent.onEnter()).catch((thrown: unknown) => {
      // Reported once; the agent is in force all the same.
      this.#entering = Promise.resolve();
      throw thrown;
    });
    return this.#entering;
  }

  #speakUp(speech: Speech): SpeechHandle {
    const queued: QueuedSpeech = { speech, handle: new PendingSpeech() };
    if (this.#turn) this.#turn.say(queued);
    else {
      this.#waiting.push(queued);
      this.#speakWaiting();
    }
    return queued.handle;
  }

  /** Opens a turn for what waits to be said while nobody speaks. */
  #speakWaiting(): void {
    if (!this.#transport || this.#waiting.length === 0 || this.#state.phase !== 'idle') return;
    this.#dispatch(
      { type: 'send', turnId: randomUUID(), content: 'text' },
      { transport: this.#transport, source: 'agent', input: NO_INPUT, content: null, retryOf: null },
    );
  }

  #dispatch(event: TurnEvent, opening?: Opening): void {
    const before = this.#state;
    const { state, effects } = advance(before, event);
    this.#state = state;
    try {
      for (const effect of effects) this.#perform(effect, before, opening);
    } catch (thrown) {
      this.#state = IDLE;
      this.#turn = null;
      throw thrown;
    } finally {
      if (this.#state !== before) this.#announceState(before);
    }
  }

  #announceState(before: TurnState): void {
    const state = this.#state;
    if (state.phase !== 'idle' && (state.phase !== before.phase || before.turnId !== state.turnId)) {
      const { turnId, phase } = state;
      this.#emit({ type: 'phase_changed', turnId, phase });
      const speaking = phase === 'recording' || phase === 'finishing';
      this.#emit({ type: 'user_state_changed', turnId, state: speaking ? 'speaking' : 'idle' });
      const agent = phase === 'thinking' || phase === 'speaking' ? phase : 'listening';
      this.#emit({ type: 'agent_state_changed', turnId, state: agent });
    }
    for (const listener of this.#stateListeners) listener(state);
  }

  #perform(effect: TurnEffect, before: TurnState, opening: Opening | undefined): void {
    if (effect.type === 'open') {
      if (opening) this.#openTurn(effect.turnId, opening);
      return;
    }
    const turn = this.#turn;
    if (!turn || turn.id !== effect.turnId) return;
    switch (effect.type) {
      case 'await_second_press':
        setTimeout(() => this.#dispatch({ type: 'tap_expired', turnId: turn.id }), TAP_MS);
        return;
      case 'finish_take':
        turn.release();
        return;
      case 'resume_take':
        turn.take?.resume();
        return;
      case 'transcribe':
        void turn.transcribe();
        return;
      case 'reply':
        void turn.answer();
        return;
      case 'close':
        // Words that were said before an interruption still belong to the conversation.
        this.#closeTurn(turn, effect.outcome, effect.outcome === 'interrupted' && before.phase === 'transcribing');
    }
  }

  #openTurn(id: string, opening: Opening): void {
    if (!this.#announced) {
      this.#emit({ type: 'session_started', agentId: this.#agent.id });
      this.#announced = true;
    }
    this.#turn = new TurnRun(this.#host, id, opening, this.#models(), this.#waiting.splice(0));
    this.#transport = opening.transport;
    // What the hook throws is reported when the turn's answer waits for it.
    this.#enter().catch(() => {});
  }

  #closeTurn(turn: TurnRun, outcome: Outcome, keepListening: boolean): void {
    this.#turn = null;
    turn.stop(keepListening);
    const settling = turn.settle(outcome).then(() => this.#speakWaiting());
    this.#settling = Promise.all([this.#settling, settling]);
  }

  #emit(body: SessionEventBody): void {
    this.#listeners.tell({ ...body, at: Date.now(), sessionId: this.id } as SessionEvent);
  }

  #addItem(item: ChatItem, turnId = this.#turn?.id): void {
    this.#history.insert(item);
    if (turnId) this.#emit({ type: 'conversation_item_added', turnId, item });
  }
}

function takeOf(state: TurnState): number | null {
  return 'takeId' in state ? state.takeId : null;
}
