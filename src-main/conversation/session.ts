/**
 * A conversation with one agent. It carries out what the turn's state machine decides: takes the sound in,
 * has it recognised, answered and spoken, and announces all of it as events. It knows nothing of windows,
 * files or providers.
 */
import { randomUUID } from 'node:crypto';
import { type AudioFrame, PIPELINE_RATE } from '../audio/frame.ts';
import { Fault, reportFault, toFault } from '../fault.ts';
import type { ChatItem } from '../speech/llm/chat.ts';
import type { Llm } from '../speech/llm/llm.ts';
import type { Stt } from '../speech/stt/stt.ts';
import type { Tts } from '../speech/tts/tts.ts';
import type { Vad, VadOptions } from '../speech/vad/vad.ts';
import type { Transport } from '../transport/transport.ts';
import { ChatContext } from './chat-context.ts';
import type {
  CaptureReport,
  SessionEvent,
  SessionEventBody,
  SessionListener,
  TurnConfiguration,
  TurnSource,
} from './events.ts';
import { Recognition } from './recognition.ts';
import { Reply } from './reply.ts';
import { Take } from './take.ts';
import { advance, IDLE, type Outcome, TAP_MS, type TurnEffect, type TurnEvent, type TurnState } from './turn.ts';
import { TurnClock } from './turn-clock.ts';

/** Who answers, and with what; read afresh for every turn. */
export interface Cast {
  readonly agentId: string;
  readonly instructions: string;
  readonly stt: Stt;
  readonly llm: Llm;
  readonly tts: Tts;
  readonly vad: Vad;
  readonly vadOptions: VadOptions;
  /** BCP 47; null lets the recogniser detect it. */
  readonly language: string | null;
}

/** The microphone, as the window describes it. */
export type InputDescription = TurnConfiguration['input'];

/** What a turn without a microphone brings. */
export type SentContent =
  | { readonly type: 'text'; readonly text: string }
  /** 24 kHz. */
  | { readonly type: 'recording'; readonly frames: AsyncIterable<AudioFrame> };

export interface SendOptions {
  readonly transport: Transport;
  readonly content: SentContent;
  /** The turn that is sent again. */
  readonly retryOf: string | null;
}

interface Opening {
  readonly transport: Transport;
  readonly source: TurnSource;
  readonly input: InputDescription;
  readonly content: SentContent | null;
  readonly retryOf: string | null;
}

interface Turn extends Opening {
  readonly id: string;
  readonly cast: Cast;
  readonly clock: TurnClock;
  /** null for typed turns. */
  readonly take: Take | null;
  readonly recognition: Recognition | null;
  capture: Promise<CaptureReport> | null;
  reply: Reply | null;
  messageId: string | null;
  fault: Fault | null;
}

export class Session {
  readonly id = randomUUID();
  readonly #cast: () => Cast;
  readonly #listeners = new Set<SessionListener>();
  readonly #stateListeners = new Set<(state: TurnState) => void>();
  readonly #context = new ChatContext();
  /** Messages that got no answer, by turn: sending the turn again replaces them. */
  readonly #unanswered = new Map<string, string>();
  #state: TurnState = IDLE;
  #turn: Turn | null = null;
  /** Turns that are closed but still owe the conversation their words. */
  #settling: Promise<unknown> = Promise.resolve();
  #started = false;

  /** @param cast must answer at once: a turn begins the moment the key goes down. */
  constructor(cast: () => Cast) {
    this.#cast = cast;
  }

  get state(): TurnState {
    return this.#state;
  }

  /** @returns stops listening. A listener that throws on `turn_started` refuses the turn. */
  on(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onState(listener: (state: TurnState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
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

  interrupt(): void {
    this.#dispatch({ type: 'interrupt' });
  }

  /** @returns the new turn's id. @throws Fault while the microphone is open, or when the turn can't be kept. */
  send({ transport, content, retryOf }: SendOptions): string {
    if (takeOf(this.#state) !== null) {
      throw new Fault('microphone-open', 'A recording is still running', { hint: 'Let go of the talk key first.' });
    }
    const turnId = randomUUID();
    this.#dispatch(
      { type: 'send', turnId, content: content.type },
      { transport, source: retryOf ? 'retry' : 'text', input: { deviceLabel: null, processing: [] }, content, retryOf },
    );
    return turnId;
  }

  /** Ends the turn in flight, as interrupted, and waits until every turn is settled. */
  async close(): Promise<void> {
    if (this.#turn) {
      this.#state = IDLE;
      this.#closeTurn(this.#turn, 'interrupted', false);
    }
    await this.#settling;
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
      this.#emit({ type: 'phase_changed', turnId: state.turnId, phase: state.phase });
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
    const cast = this.#cast();
    if (!this.#started) {
      this.#emit({ type: 'session_started', agentId: cast.agentId });
      this.#started = true;
    }
    const { source, retryOf, input } = opening;
    this.#emit({ type: 'turn_started', turnId: id, source, retryOf, configuration: configurationOf(cast, input) });

    const take = opening.content?.type === 'text' ? null : this.#openTake(id, cast);
    const recognition =
      take &&
      new Recognition({
        turnId: id,
        stt: cast.stt,
        frames: take.frames,
        language: cast.language,
        onUsage: (usage) => this.#emit({ type: 'usage_reported', turnId: id, usage }),
        onTranscribed: ({ type, text }) =>
          this.#emit({ type: 'user_input_transcribed', turnId: id, text, final: type === 'final' }),
      });
    this.#turn = {
      ...opening,
      id,
      cast,
      clock: new TurnClock(),
      take,
      recognition,
      capture: null,
      reply: null,
      messageId: null,
      fault: null,
    };
    if (take) cast.stt.warm();
    cast.llm.warm();
    cast.tts.warm();
  }

  #openTake(turnId: string, cast: Cast): Take {
    return new Take(cast.vad.open(PIPELINE_RATE, cast.vadOptions), {
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
      if (silent || report.samples === 0) {
        recognition.stop();
        this.#dispatch({ type: 'transcribed', turnId: turn.id, empty: true });
        return;
      }
      const text = await recognition.transcript;
      turn.clock.mark('transcript');
      await this.#settling;
      if (this.#turn !== turn) return;
      if (text !== '') this.#commitUser(turn, text);
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

  #commitUser(turn: Turn, text: string): void {
    const replaced = turn.retryOf && this.#unanswered.get(turn.retryOf);
    if (replaced) this.#context.remove(replaced);
    turn.messageId = this.#context.add('user', text).id;
    this.#emit({ type: 'user_speech_committed', turnId: turn.id, messageId: turn.messageId, text });
  }

  async #answer(turn: Turn): Promise<void> {
    await this.#settling;
    if (this.#turn !== turn) return;
    if (turn.content?.type === 'text') this.#commitUser(turn, turn.content.text);
    const { cast, id } = turn;
    const system: ChatItem = { type: 'message', id: cast.agentId, role: 'system', text: cast.instructions };
    turn.reply = new Reply({
      turnId: id,
      llm: cast.llm,
      tts: cast.tts,
      context: [system, ...this.#context.items],
      playback: turn.transport.play(id),
      onUsage: (usage) => this.#emit({ type: 'usage_reported', turnId: id, usage }),
      events: {
        text: (text) => {
          turn.clock.mark('token');
          this.#emit({ type: 'agent_text_generated', turnId: id, text });
        },
        audio: (samples, text) =>
          this.#emit({ type: 'agent_audio_generated', turnId: id, samples, text: text ?? null }),
        heard: (heardSamples, heardText) => {
          if (heardSamples > 0) {
            turn.clock.mark('audio');
            this.#dispatch({ type: 'reply_audible', turnId: id });
          }
          this.#emit({ type: 'agent_speech_heard', turnId: id, heardSamples, heardText });
        },
      },
    });
    const { fault, complete } = await turn.reply.finished;
    if (fault) this.#fail(turn, fault);
    else this.#dispatch({ type: 'reply_ended', turnId: id, complete });
  }

  #fail(turn: Turn, fault: Fault): void {
    turn.fault ??= fault;
    this.#dispatch({ type: 'failed', turnId: turn.id });
  }

  #closeTurn(turn: Turn, outcome: Outcome, keepListening: boolean): void {
    this.#turn = null;
    turn.reply?.stop();
    if (!keepListening) turn.recognition?.stop();
    this.#settling = Promise.all([this.#settling, this.#settle(turn, outcome)]);
  }

  /** Brings a closed turn's words into the conversation, then announces its end. */
  async #settle(turn: Turn, outcome: Outcome): Promise<void> {
    if (turn.take) await this.#endCapture(turn, turn.take);
    if (outcome === 'interrupted' && turn.recognition && !turn.messageId) {
      const text = await turn.recognition.transcript.catch(() => '');
      if (text !== '') this.#commitUser(turn, text);
    }
    const answered = turn.reply !== null && (await this.#settleReply(turn, turn.reply));
    if (!answered && turn.messageId) this.#unanswered.set(turn.id, turn.messageId);
    this.#emit({
      type: 'turn_ended',
      turnId: turn.id,
      outcome,
      error: outcome === 'failed' && turn.fault ? reportFault(turn.fault) : null,
      timings: turn.clock.timings(),
    });
  }

  /** @returns whether the conversation got an answer. */
  async #settleReply(turn: Turn, reply: Reply): Promise<boolean> {
    const { text, heardText, complete, fault } = await reply.finished;
    if (text === '') return false;
    // When only the voice failed, the words were still read.
    const shown = complete || fault?.stage === 'tts' ? text : heardText;
    const message = shown === '' ? null : this.#context.add('assistant', shown, complete ? {} : { interrupted: true });
    this.#emit({
      type: 'agent_speech_committed',
      turnId: turn.id,
      messageId: message?.id ?? null,
      text,
      heardText,
      interrupted: !complete,
    });
    return message !== null;
  }

  #emit(body: SessionEventBody): void {
    const event = { ...body, at: Date.now(), sessionId: this.id } as SessionEvent;
    for (const listener of this.#listeners) listener(event);
  }
}

function takeOf(state: TurnState): number | null {
  return 'takeId' in state ? state.takeId : null;
}

/** Runs a recording through a take as if it were spoken now, as fast as it goes. */
async function replay(frames: AsyncIterable<AudioFrame>, take: Take): Promise<void> {
  let sequence = 0;
  for await (const frame of frames) take.receive(sequence++, frame.samples);
}

function configurationOf(cast: Cast, input: InputDescription): TurnConfiguration {
  return {
    agentId: cast.agentId,
    instructions: cast.instructions,
    stt: cast.stt.label,
    llm: cast.llm.label,
    tts: cast.tts.label,
    vad: { ...cast.vadOptions, modelSha256: cast.vad.modelSha256 },
    input,
  };
}
