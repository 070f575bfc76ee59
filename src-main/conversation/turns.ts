/**
 * The turns of a session, one at a time: carries out what the state machine decides, announces it, and opens a turn of
 * the agent's own when it wants to speak while nobody else does.
 */
import { randomUUID } from 'node:crypto';
import { Fault, reportFault, toFault } from '../fault.ts';
import { type ChatItem, textOf } from '../speech/llm/chat.ts';
import type { Transport } from '../transport/transport.ts';
import type { Agent } from './agent.ts';
import type { SessionEventBody } from './events.ts';
import type { Models } from './models.ts';
import type { QueuedSpeech } from './queued-speech.ts';
import type { RealtimeSessions } from './realtime-sessions.ts';
import { agentStateOf, userStateOf } from './states.ts';
import { advance, IDLE, type Outcome, TAP_MS, type TurnEffect, type TurnEvent, type TurnState } from './turn.ts';
import type { TurnHost, TurnSession } from './turn-host.ts';
import type { InputDescription, Opening } from './turn-opening.ts';
import { TurnRun } from './turn-run.ts';

export interface TurnsOptions {
  readonly session: TurnSession;
  readonly realtime: RealtimeSessions;
  /** Read afresh for every turn. */
  readonly models: () => Models;
  emit(body: SessionEventBody): void;
  /** Lets the agent in force enter, once. @throws Fault of its hook */
  enter(): Promise<void>;
  handOver(agent: Agent): Promise<void>;
  /** What was said or done in a turn becomes part of the conversation. */
  addItem(item: ChatItem, turnId: string): void;
  stateChanged(state: TurnState): void;
}

/** Of a turn without a microphone. */
export const NO_INPUT: InputDescription = { deviceLabel: null, processing: [] };

export class Turns {
  readonly #options: TurnsOptions;
  readonly #host: TurnHost;
  /** What no turn can say yet: none was begun, or the one in flight is only to be heard out. */
  readonly #waiting: QueuedSpeech[] = [];
  /** Items that joined the conversation between two turns: announced with the next. */
  readonly #unannounced: ChatItem[] = [];
  #state: TurnState = IDLE;
  #turn: TurnRun | null = null;
  #transport: Transport | null = null;
  /** Turns that are closed but still owe the conversation their words. */
  #settling: Promise<void> = Promise.resolve();
  #begun = false;
  #closed = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#host = {
      ...options,
      unanswered: new Map(),
      dispatch: (event) => this.dispatch(event),
      isCurrent: (turnId) => this.#turn?.id === turnId,
      entered: options.enter,
      settled: () => this.#settling,
    };
  }

  get state(): TurnState {
    return this.#state;
  }

  /** The one in flight. */
  get current(): TurnRun | null {
    return this.#turn;
  }

  /** @param transport where the agent is heard when it speaks first */
  start(transport: Transport): void {
    this.#transport = transport;
    this.#speakWaiting();
  }

  /** @param opening of the turn that may begin. @throws Fault when it can't be kept, and so must not begin */
  dispatch(event: TurnEvent, opening?: Opening): void {
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

  /** Says it in the turn in flight, or in one of its own. */
  speak(queued: QueuedSpeech): void {
    if (this.#closed) queued.handle.finish(true);
    else if (!this.#turn?.say(queued)) {
      this.#waiting.push(queued);
      this.#speakWaiting();
    }
  }

  /** Announces an item that joined the conversation, with the next turn if there is none now. */
  announce(item: ChatItem, turnId = this.#turn?.id): void {
    if (!turnId) {
      this.#unannounced.push(item);
      return;
    }
    const { emit } = this.#options;
    emit({ type: 'conversation_item_added', turnId, item });
    // The user's own are announced by the turn that heard them.
    const isGiven = turnId === this.#turn?.id && item.type === 'message' && item.role === 'user';
    if (!isGiven || item.id === this.#turn?.messageId) return;
    emit({ type: 'user_speech_committed', turnId, messageId: item.id, text: textOf(item), given: true });
  }

  /** Ends the turn in flight, as interrupted, and waits until every turn is settled. There will be no other. */
  async close(): Promise<void> {
    this.#closed = true;
    const before = this.#state;
    this.#state = IDLE;
    if (this.#turn) this.#closeTurn(this.#turn, 'interrupted', false);
    if (before !== IDLE) this.#announceState(before);
    this.#dropWaiting();
    await this.#settling;
  }

  #dropWaiting(): void {
    for (const { handle } of this.#waiting.splice(0)) handle.finish(true);
  }

  #speakWaiting(): void {
    if (!this.#transport || this.#waiting.length === 0 || this.#state.phase !== 'idle') return;
    this.dispatch(
      { type: 'send', turnId: randomUUID(), content: 'text' },
      { transport: this.#transport, source: 'agent', input: NO_INPUT, content: null, retryOf: null },
    );
  }

  /** After a turn: nobody is there to be told that the next one can't be kept. */
  #speakOn(): void {
    try {
      this.#speakWaiting();
    } catch (thrown) {
      const error = reportFault(toFault(thrown, 'log'));
      this.#options.emit({ type: 'error', turnId: null, error, recoverable: true });
    }
  }

  #announceState(before: TurnState): void {
    const state = this.#state;
    const turnId = turnOf(state) ?? turnOf(before);
    if (turnId) {
      const { phase } = state;
      const [user, agent] = [userStateOf(state), agentStateOf(state)];
      const isNew = phase !== before.phase || turnOf(before) !== turnId;
      if (phase !== 'idle' && isNew) this.#options.emit({ type: 'phase_changed', turnId, phase });
      if (user !== userStateOf(before)) this.#options.emit({ type: 'user_state_changed', turnId, state: user });
      if (agent !== agentStateOf(before)) this.#options.emit({ type: 'agent_state_changed', turnId, state: agent });
    }
    this.#options.stateChanged(state);
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
        setTimeout(() => this.dispatch({ type: 'tap_expired', turnId: turn.id }), TAP_MS);
        return;
      case 'finish_take':
        turn.release();
        return;
      case 'resume_take':
        turn.resume();
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
    if (this.#closed) {
      throw new Fault('session-closed', 'The conversation is over', { hint: 'Begin another one.' });
    }
    const { session, models, emit, enter } = this.#options;
    if (!this.#begun) emit({ type: 'session_started', agentId: session.currentAgent.id });
    this.#begun = true;
    const waiting = this.#waiting.splice(0);
    try {
      this.#turn = new TurnRun(this.#host, id, opening, models(), waiting);
    } catch (thrown) {
      for (const { handle } of waiting) handle.finish(true);
      throw thrown;
    }
    this.#transport = opening.transport;
    for (const item of this.#unannounced.splice(0)) this.announce(item);
    // What the hook throws is reported when the turn's answer waits for it.
    enter().catch(() => {});
  }

  #closeTurn(turn: TurnRun, outcome: Outcome, keepListening: boolean): void {
    this.#turn = null;
    // Whoever silences the agent silences what it was about to say, too.
    if (outcome !== 'completed') this.#dropWaiting();
    try {
      turn.stop(keepListening);
    } finally {
      // Whatever refuses to stop, a loudspeaker that is gone say: a turn ends.
      const before = this.#settling;
      this.#settling = turn.settle(outcome).then(() => before);
      void this.#settling.then(() => this.#speakOn());
    }
  }
}

function turnOf(state: TurnState): string | null {
  return state.phase === 'idle' ? null : state.turnId;
}
