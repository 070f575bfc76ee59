/**
 * A conversation with an agent. It carries out what the turn's state machine decides: takes the sound in, has it
 * recognised, answered and spoken by the agent's nodes, and announces all of it as events. It knows nothing of
 * windows, files or providers.
 */
import { randomUUID } from 'node:crypto';
import { PIPELINE_RATE } from '../audio/frame.ts';
import { Fault, reportFault, toFault } from '../fault.ts';
import { currentCall, type Usage } from '../speech/call.ts';
import { type ChatItem, type ChatMessage, textOf } from '../speech/llm/chat.ts';
import type { Transport } from '../transport/transport.ts';
import type { Agent } from './agent.ts';
import { Answer, type Speech, type TurnContext } from './answer.ts';
import { ChatContext } from './chat-context.ts';
import type { CaptureReport, SessionEvent, SessionEventBody, SessionEventType, SessionListener } from './events.ts';
import { runHook } from './hooks.ts';
import type { Models } from './models.ts';
import { Recognition } from './recognition.ts';
import { PendingSpeech, type ReplyOptions, type SayOptions, type SpeechHandle } from './speech-handle.ts';
import { replay, Take } from './take.ts';
import { StopResponse } from './tool.ts';
import { advance, IDLE, type Outcome, TAP_MS, type TurnEffect, type TurnEvent, type TurnState } from './turn.ts';
import { TurnClock } from './turn-clock.ts';
import {
  type InputDescription,
  type Opening,
  type QueuedSpeech,
  type SendOptions,
  type Turn,
  turnConfiguration,
} from './turn-record.ts';

export interface AgentSessionOptions<UserData> {
  readonly agent: Agent<UserData>;
  /** What the agents of this conversation share. */
  readonly userData: UserData;
  /** Must answer at once: a turn begins the moment the key goes down. Read afresh for every turn. */
  readonly models: () => Models;
}

const NO_INPUT: InputDescription = { deviceLabel: null, processing: [] };

export class AgentSession<UserData = unknown> {
  readonly id = randomUUID();
  readonly userData: UserData;
  readonly #models: () => Models;
  readonly #listeners = new Set<SessionListener>();
  readonly #stateListeners = new Set<(state: TurnState) => void>();
  readonly #history = new ChatContext();
  /** Messages that got no answer, by turn: sending the turn again replaces them. */
  readonly #unanswered = new Map<string, string>();
  readonly #usage: Usage[] = [];
  /** What is to be said before any turn could say it. */
  readonly #waiting: QueuedSpeech[] = [];
  #agent: Agent<UserData>;
  #entering: Promise<void> | null = null;
  #state: TurnState = IDLE;
  #turn: Turn | null = null;
  #transport: Transport | null = null;
  /** Turns that are closed but still owe the conversation their words. */
  #settling: Promise<unknown> = Promise.resolve();
  #announced = false;

  constructor({ agent, userData, models }: AgentSessionOptions<UserData>) {
    this.#agent = agent;
    this.userData = userData;
    this.#models = models;
    agent.attach(this, agent.chatCtx);
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
  on<T extends SessionEventType>(type: T, listener: (event: Extract<SessionEvent, { type: T }>) => void): () => void;
  on<T extends SessionEventType>(
    first: T | SessionListener,
    second?: (event: Extract<SessionEvent, { type: T }>) => void,
  ): () => void {
    const listener: SessionListener =
      typeof first === 'function'
        ? first
        : (event) => {
            if (event.type === first) second?.(event as Extract<SessionEvent, { type: T }>);
          };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
    if (this.#turn && state.phase === 'arming' && state.takeId === takeId) this.#turn.fault = fault.in('capture');
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
    return turn.committed.promise;
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
    this.#emit({ type: 'close' });
  }

  #enter(): Promise<void> {
    const agent = this.#agent;
    this.#entering ??= runHook(`${agent.id}.onEnter`, () => agent.onEnter());
    return this.#entering;
  }

  #speakUp(speech: Speech): SpeechHandle {
    const queued: QueuedSpeech = { speech, handle: new PendingSpeech() };
    const turn = this.#turn;
    if (turn?.answer) turn.answer.add(queued);
    else if (turn) turn.speeches.push(queued);
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
        turn.clock.mark('release');
        turn.take?.release();
        return;
      case 'resume_take':
        turn.take?.resume();
        return;
      case 'transcribe':
        void this.#transcribe(turn);
        return;
      case 'reply':
        void this.#answer(turn);
        return;
      case 'close':
        // Words that were said before an interruption still belong to the conversation.
        this.#closeTurn(turn, effect.outcome, effect.outcome === 'interrupted' && before.phase === 'transcribing');
    }
  }

  #openTurn(id: string, opening: Opening): void {
    const models = this.#models();
    const agent = this.#agent as Agent;
    if (!this.#announced) {
      this.#emit({ type: 'session_started', agentId: agent.id });
      this.#announced = true;
    }
    const { source, retryOf, input, transport, content } = opening;
    const configuration = turnConfiguration(agent, models, input);
    this.#emit({ type: 'turn_started', turnId: id, source, retryOf, configuration });
    this.#transport = transport;

    const withSound = source === 'voice' || content?.type === 'recording';
    const take = withSound ? this.#openTake(id, agent, models) : null;
    const committed = Promise.withResolvers<string>();
    committed.promise.catch(() => {});
    this.#turn = {
      ...opening,
      id,
      agent,
      models,
      clock: new TurnClock(),
      take,
      recognition: null,
      speeches: this.#waiting.splice(0),
      committed,
      reply: true,
      capture: null,
      answer: null,
      messageId: null,
      stopReason: null,
      fault: null,
    };
    if (take) {
      this.#turn.recognition = new Recognition({
        turnId: id,
        agent,
        frames: take.frames,
        onTranscribed: ({ type, text }) =>
          this.#emit({ type: 'user_input_transcribed', turnId: id, text, final: type === 'final' }),
      });
      (agent.stt ?? models.stt).warm();
    }
    (agent.llm ?? models.llm).warm();
    (agent.tts ?? models.tts(agent.voice)).warm();
    void this.#enter().catch((thrown: unknown) => this.#hookFailed(thrown));
  }

  #hookFailed(thrown: unknown): void {
    if (this.#turn) this.#fail(this.#turn, toFault(thrown, 'hook'));
  }

  #openTake(turnId: string, agent: Agent, { vad, vadOptions }: Models): Take {
    return new Take(vad.open(PIPELINE_RATE, { ...vadOptions, ...agent.vad }), {
      firstSample: () => this.#dispatch({ type: 'first_sample', turnId }),
      captured: (samples) => this.#emit({ type: 'audio_captured', turnId, samples }),
      measured: (probabilities) => this.#emit({ type: 'vad_measured', turnId, probabilities }),
      tailEnded: () => this.#dispatch({ type: 'tail_ended', turnId }),
    });
  }

  async #transcribe(turn: Turn): Promise<void> {
    const { take, recognition, content } = turn;
    if (!take || !recognition) return;
    try {
      if (content?.type === 'recording') await replay(content.frames, take);
      const report = await this.#endCapture(turn, take);
      // A recording that is sent again was judged worth it by a person.
      const silent = report.segments.length === 0 && !report.vadError && content === null;
      const text = silent || report.samples === 0 ? '' : await recognition.transcript;
      if (text === '') recognition.stop();
      else turn.clock.mark('transcript');
      await this.#settling;
      turn.committed.resolve(text);
      if (this.#turn !== turn) return;
      this.#dispatch({ type: 'transcribed', turnId: turn.id, empty: text === '' });
    } catch (thrown) {
      this.#fail(turn, toFault(thrown, 'stt'));
    }
  }

  #endCapture(turn: Turn, take: Take): Promise<CaptureReport> {
    turn.capture ??= take.end().then((report) => {
      this.#emit({ type: 'capture_ended', turnId: turn.id, report });
      return report;
    });
    return turn.capture;
  }

  /** The words are known: the agent's hook sees them, then they are part of the conversation and are answered. */
  async #answer(turn: Turn): Promise<void> {
    try {
      await this.#settling;
      await this.#enter();
      const text = turn.content?.type === 'text' ? turn.content.text : ((await turn.recognition?.transcript) ?? '');
      if (this.#turn !== turn) return;
      const turnContext = text === '' ? null : await this.#commitUser(turn, text);
      if (this.#turn !== turn) return;
      if (turnContext && turn.reply && turn.stopReason === null) {
        const speech: Speech = { type: 'reply', instructions: null, toolChoice: null, turnContext };
        turn.speeches.push({ speech, handle: new PendingSpeech() });
      }
      if (turn.speeches.length === 0) {
        this.#dispatch({ type: 'reply_ended', turnId: turn.id, complete: true });
        return;
      }
      turn.answer = this.#makeAnswer(turn);
      const { fault, complete, stopReason } = await turn.answer.finished;
      turn.stopReason ??= stopReason;
      if (fault) this.#fail(turn, fault);
      else this.#dispatch({ type: 'reply_ended', turnId: turn.id, complete });
    } catch (thrown) {
      this.#fail(turn, toFault(thrown, 'hook'));
    }
  }

  #makeAnswer(turn: Turn): Answer {
    const { id: turnId, clock } = turn;
    return new Answer(
      {
        turnId,
        session: this as AgentSession,
        playback: turn.transport.play(turnId),
        events: {
          speechCreated: ({ type }) => this.#emit({ type: 'speech_created', turnId, source: type }),
          text: (text) => {
            clock.mark('token');
            this.#emit({ type: 'agent_text_generated', turnId, text });
          },
          audio: (samples, text) => this.#emit({ type: 'agent_audio_generated', turnId, samples, text: text ?? null }),
          heard: (heardSamples, heardText) => {
            if (heardSamples > 0) {
              clock.mark('audio');
              this.#dispatch({ type: 'reply_audible', turnId });
            }
            this.#emit({ type: 'agent_speech_heard', turnId, heardSamples, heardText });
          },
          toolsExecuted: (executed) => {
            for (const { call, output } of executed) {
              this.#addItem(call);
              this.#addItem(output);
            }
            const executions = executed.map(({ call, output, durationMs, failure }) => ({
              call,
              output,
              durationMs,
              failure,
            }));
            this.#emit({ type: 'function_tools_executed', turnId, executions });
          },
          handoff: (agent) => this.updateAgent(agent as Agent<UserData>),
        },
      },
      turn.speeches.splice(0),
    );
  }

  /** @returns the conversation for this turn's answer, as the hook left it */
  async #commitUser(turn: Turn, text: string): Promise<TurnContext> {
    const agent = this.#agent;
    const replaced = turn.retryOf && this.#unanswered.get(turn.retryOf);
    if (replaced) agent.liveContext.remove(replaced);
    const context = agent.chatCtx;
    const message: ChatMessage = {
      type: 'message',
      id: randomUUID(),
      createdAt: Date.now(),
      role: 'user',
      content: [text],
    };
    try {
      const isStop = (thrown: unknown) => thrown instanceof StopResponse;
      await runHook(`${agent.id}.onUserTurnCompleted`, () => agent.onUserTurnCompleted(context, message), isStop);
    } catch (thrown) {
      if (!(thrown instanceof StopResponse)) throw thrown;
      turn.stopReason = thrown.message;
    }
    const words = textOf(message);
    turn.messageId = message.id;
    this.#emit({ type: 'user_speech_committed', turnId: turn.id, messageId: message.id, text: words });
    if (turn.stopReason === null) {
      agent.liveContext.insert(message);
      this.#addItem(message);
      context.insert(message);
    }
    return { context, known: new Set(agent.liveContext.items.map(({ id }) => id)) };
  }

  #addItem(item: ChatItem): void {
    this.#history.insert(item);
    const turnId = this.#turn?.id;
    if (turnId) this.#emit({ type: 'conversation_item_added', turnId, item });
  }

  #fail(turn: Turn, fault: Fault): void {
    turn.fault ??= fault;
    turn.committed.reject(turn.fault);
    this.#dispatch({ type: 'failed', turnId: turn.id });
  }

  #closeTurn(turn: Turn, outcome: Outcome, keepListening: boolean): void {
    this.#turn = null;
    turn.answer?.stop();
    if (!keepListening) turn.recognition?.stop();
    this.#settling = Promise.all([this.#settling, this.#settle(turn, outcome)]);
  }

  /** Brings a closed turn's words into the conversation, then announces its end. */
  async #settle(turn: Turn, outcome: Outcome): Promise<void> {
    if (turn.take) await this.#endCapture(turn, turn.take);
    if (outcome === 'interrupted' && turn.recognition && !turn.messageId) {
      const text = await turn.recognition.transcript.catch(() => '');
      if (text !== '') await this.#commitUser(turn, text).catch(() => {});
    }
    const answered = turn.answer !== null && (await this.#settleAnswer(turn, turn.answer));
    if (!answered && turn.messageId) this.#unanswered.set(turn.id, turn.messageId);
    for (const { handle } of turn.speeches) handle.finish(true);
    turn.committed.reject(new Fault('turn-over', `The turn ended as ${outcome}`, { hint: 'Speak again.' }));
    const timings = turn.clock.timings();
    const error = outcome === 'failed' && turn.fault ? reportFault(turn.fault) : null;
    if (error) this.#emit({ type: 'error', turnId: turn.id, error });
    this.#emit({ type: 'metrics_collected', turnId: turn.id, timings });
    this.#emit({ type: 'turn_ended', turnId: turn.id, outcome, error, stopReason: turn.stopReason, timings });
    this.#speakWaiting();
  }

  /** @returns whether the conversation got an answer. */
  async #settleAnswer(turn: Turn, answer: Answer): Promise<boolean> {
    const { said, complete, fault } = await answer.finished;
    const text = said.map(({ part }) => part.text).join('');
    if (text === '') return false;
    let firstId: string | null = null;
    for (const { agent, message, part } of said) {
      if (!message) continue;
      // When only the voice failed, the words were still read.
      const shown = complete || fault?.stage === 'tts' ? part.text : part.heardText;
      if (shown === '') {
        agent.liveContext.remove(message.id);
        continue;
      }
      message.content = [shown];
      if (shown !== part.text || !complete) message.interrupted = true;
      firstId ??= message.id;
      this.#history.insert(message);
      this.#emit({ type: 'conversation_item_added', turnId: turn.id, item: message });
    }
    const heardText = said.map(({ part }) => (complete ? part.text : part.heardText)).join('');
    this.#emit({
      type: 'agent_speech_committed',
      turnId: turn.id,
      messageId: firstId,
      text,
      heardText,
      interrupted: !complete,
    });
    return firstId !== null;
  }

  #emit(body: SessionEventBody): void {
    const event = { ...body, at: Date.now(), sessionId: this.id } as SessionEvent;
    for (const listener of this.#listeners) listener(event);
  }
}

function takeOf(state: TurnState): number | null {
  return 'takeId' in state ? state.takeId : null;
}
