/**
 * One turn while it runs: the take and its recognition, the user's words as the agent's hook leaves them, the answer,
 * and at the end what of all that stays in the conversation. The session decides when; this knows how.
 */
import { randomUUID } from 'node:crypto';
import { PIPELINE_RATE } from '../audio/frame.ts';
import { Fault, reportFault, toFault } from '../fault.ts';
import { type ChatItem, type ChatMessage, textOf } from '../speech/llm/chat.ts';
import type { RealtimeSession } from '../speech/realtime/realtime.ts';
import type { Agent } from './agent.ts';
import { Answer, type Speech } from './answer.ts';
import type { CaptureReport, SessionEventBody } from './events.ts';
import { runHook } from './hooks.ts';
import type { Models } from './models.ts';
import { llmOf } from './realtime-sessions.ts';
import { Recognition } from './recognition.ts';
import type { AgentSession } from './session.ts';
import { PendingSpeech } from './speech-handle.ts';
import { replay, Take } from './take.ts';
import { StopResponse } from './tool.ts';
import type { Outcome, TurnEvent } from './turn.ts';
import { TurnClock } from './turn-clock.ts';
import { type Opening, type QueuedSpeech, turnConfiguration } from './turn-opening.ts';

/** How long a turn that is over waits for its words. */
const LAST_WORDS_MS = 3_000;

/** What a turn needs of its session. */
export interface TurnHost {
  readonly session: AgentSession;
  /** Messages that got no answer, by turn: sending the turn again replaces them. */
  readonly unanswered: Map<string, string>;
  emit(body: SessionEventBody): void;
  dispatch(event: TurnEvent): void;
  /** Whether `turn` is still the one in flight. */
  isCurrent(turn: TurnRun): boolean;
  /** Resolves when the agent in force has entered. @throws Fault of its hook */
  entered(): Promise<void>;
  /** Resolves when the turns before have brought in their words. */
  settled(): Promise<unknown>;
  addItem(item: ChatItem, turnId: string): void;
  handOver(agent: Agent): Promise<void>;
}

/** What the user said is part of the conversation; `turnContext` as a hook left it for this answer. */
type Said = Pick<Speech & { type: 'reply' }, 'turnContext'>;

export class TurnRun {
  readonly id: string;
  readonly models: Models;
  readonly take: Take | null;
  /** Whether the words are to be answered. */
  reply = true;
  /** Said in this turn, once its answer begins. */
  readonly #speeches: QueuedSpeech[];
  readonly #host: TurnHost;
  readonly #opening: Opening;
  readonly #clock = new TurnClock();
  readonly #recognition: Recognition | null;
  /** Hears and answers in place of the pipeline. */
  readonly #realtime: RealtimeSession | null;
  /** Of what the user says. */
  readonly #spokenId = randomUUID();
  /** Resolves when the user's words are known, or never will be. */
  #words: Promise<void> = Promise.resolve();
  readonly #committed = Promise.withResolvers<string>();
  /** Resolves when something is to be said before the answer. */
  readonly #spokenTo = Promise.withResolvers<void>();
  #capture: Promise<CaptureReport> | null = null;
  #answer: Answer | null = null;
  #messageId: string | null = null;
  #stopReason: string | null = null;
  #fault: Fault | null = null;

  /** Announces the turn. @throws what a listener throws that can't keep it */
  constructor(host: TurnHost, id: string, opening: Opening, models: Models, speeches: QueuedSpeech[]) {
    const agent = host.session.currentAgent;
    const { source, retryOf, input, content } = opening;
    host.emit({
      type: 'turn_started',
      turnId: id,
      source,
      retryOf,
      configuration: turnConfiguration(agent, models, input),
    });
    this.id = id;
    this.models = models;
    this.#host = host;
    this.#opening = opening;
    this.#speeches = speeches;
    this.#committed.promise.catch(() => {});
    this.#realtime = host.session.realtime.of(agent, models);
    this.take = source === 'voice' || content?.type === 'recording' ? this.#openTake(agent) : null;
    this.#recognition = this.take && this.#recognize(agent, this.take);
    if (this.#realtime) this.#realtime.warm();
    else warm(agent, models, this.take !== null);
  }

  /** The transcript. @throws Fault when there will be none */
  get committed(): Promise<string> {
    return this.#committed.promise;
  }

  /** The key came up. */
  release(): void {
    this.#clock.mark('release');
    this.take?.release();
  }

  /** To be said in this turn, after what is waiting. */
  say(speech: QueuedSpeech): void {
    if (this.#answer) this.#answer.add(speech);
    else {
      this.#speeches.push(speech);
      this.#spokenTo.resolve();
    }
  }

  /** Keeps the first fault for the turn's end, whenever that comes. */
  blame(fault: Fault): void {
    this.#fault ??= fault;
  }

  fail(fault: Fault): void {
    this.blame(fault);
    this.#committed.reject(fault);
    this.#host.dispatch({ type: 'failed', turnId: this.id });
  }

  /** Gets the transcript of the complete take. */
  async transcribe(): Promise<void> {
    const { take } = this;
    const recognition = this.#recognition;
    const { content } = this.#opening;
    if (!take || !recognition) return;
    try {
      if (content?.type === 'recording') await replay(content.frames, take);
      const report = await this.#endCapture(take);
      // A recording that is sent again was judged worth it by a person.
      const silent = report.segments.length === 0 && !report.vadError && content === null;
      const spoken = !silent && report.samples > 0 && (await recognition.heard);
      if (spoken) void recognition.transcript.then(() => this.#clock.mark('transcript')).catch(() => {});
      else recognition.stop();
      await this.#host.settled();
      this.#committed.resolve(spoken ? recognition.transcript : '');
      if (this.#host.isCurrent(this)) this.#host.dispatch({ type: 'transcribed', turnId: this.id, empty: !spoken });
    } catch (thrown) {
      this.fail(toFault(thrown, 'stt'));
    }
  }

  /** The words are known: the agent's hook sees them, then they are part of the conversation and are answered. */
  async answer(): Promise<void> {
    const host = this.#host;
    const { content } = this.#opening;
    try {
      await host.settled();
      // A greeting is said in this turn; its hook may wait until it was heard.
      if (this.#speeches.length === 0) await Promise.race([host.entered(), this.#spokenTo.promise]);
      if (!host.isCurrent(this)) return;
      const said = content?.type === 'text' ? await this.#commitUser(content.text) : await this.#commitSpoken();
      if (!host.isCurrent(this)) return;
      if (said && this.reply && this.#stopReason === null) {
        const speech: Speech = { type: 'reply', instructions: null, toolChoice: null, ...said };
        this.#speeches.push({ speech, handle: new PendingSpeech() });
      }
      if (this.#speeches.length === 0) {
        host.dispatch({ type: 'reply_ended', turnId: this.id, complete: true });
        return;
      }
      this.#answer = this.#makeAnswer();
      const { fault, complete, stopReason } = await this.#answer.finished;
      this.#stopReason ??= stopReason;
      if (fault) this.fail(fault);
      else host.dispatch({ type: 'reply_ended', turnId: this.id, complete });
    } catch (thrown) {
      this.fail(toFault(thrown, 'hook'));
    }
  }

  /** @returns null when nothing was said, or the turn is over meanwhile */
  async #commitSpoken(): Promise<Said | null> {
    const recognition = this.#recognition;
    if (!recognition) return null;
    const agent = this.#host.session.currentAgent;
    // A hook is promised the words; without one a realtime model need not wait for them.
    if (this.#realtime && !agent.readsTurns) return this.#commitSound(agent, recognition);
    const text = await recognition.transcript;
    return text !== '' && this.#host.isCurrent(this) ? this.#commitUser(text) : null;
  }

  /** What a realtime model heard takes its place in the conversation at once, and gets its words when they are known. */
  #commitSound(agent: Agent, recognition: Recognition): Said {
    this.#replaceUnanswered(agent);
    const host = this.#host;
    const turnId = this.id;
    const message = this.#userMessage('');
    this.#messageId = message.id;
    agent.liveContext.insert(message);
    this.#words = recognition.transcript
      .then((text) => {
        message.content = [text];
        host.emit({ type: 'user_speech_committed', turnId, messageId: message.id, text });
        host.addItem(message, turnId);
      })
      .catch((thrown: unknown) => host.emit({ type: 'error', turnId, error: reportFault(toFault(thrown, 'stt')) }));
    return { turnContext: null };
  }

  /** Stops what runs. @param keepListening lets the recognition end: its words still belong to the conversation */
  stop(keepListening: boolean): void {
    this.#answer?.stop();
    if (!keepListening && this.#messageId === null) this.#recognition?.stop();
  }

  /** Brings a closed turn's words into the conversation, then announces its end. Never rejects. */
  async settle(outcome: Outcome): Promise<void> {
    const host = this.#host;
    if (this.take) await this.#endCapture(this.take);
    if (outcome === 'interrupted' && this.#recognition && !this.#messageId) {
      const text = await this.#recognition.transcript.catch(() => '');
      if (text !== '') await this.#commitUser(text).catch(() => {});
    }
    await this.#lastWords();
    const answered = this.#answer !== null && (await this.#settleAnswer(this.#answer));
    if (!answered && this.#messageId) host.unanswered.set(this.id, this.#messageId);
    for (const { handle } of this.#speeches) handle.finish(true);
    this.#committed.reject(new Fault('turn-over', `The turn ended as ${outcome}`, { hint: 'Speak again.' }));
    const turnId = this.id;
    const timings = this.#clock.timings();
    const error = outcome === 'failed' && this.#fault ? reportFault(this.#fault) : null;
    if (error) host.emit({ type: 'error', turnId, error });
    host.emit({ type: 'metrics_collected', turnId, timings });
    host.emit({ type: 'turn_ended', turnId, outcome, error, stopReason: this.#stopReason, timings });
  }

  /** A realtime model may have answered before the user's words were written down; that is not waited for long. */
  async #lastWords(): Promise<void> {
    const timer = setTimeout(() => this.#recognition?.stop(), LAST_WORDS_MS);
    await this.#words;
    clearTimeout(timer);
  }

  #openTake(agent: Agent): Take {
    const { vad, vadOptions } = this.models;
    const { id: turnId } = this;
    const host = this.#host;
    return new Take(vad.open(PIPELINE_RATE, { ...vadOptions, ...agent.vad }), {
      firstSample: () => host.dispatch({ type: 'first_sample', turnId }),
      captured: (samples) => host.emit({ type: 'audio_captured', turnId, samples }),
      measured: (probabilities) => host.emit({ type: 'vad_measured', turnId, probabilities }),
      tailEnded: () => host.dispatch({ type: 'tail_ended', turnId }),
    });
  }

  #recognize(agent: Agent, take: Take): Recognition {
    const { id: turnId } = this;
    return new Recognition({
      turnId,
      agent,
      frames: take.frames,
      realtime: this.#realtime && { session: this.#realtime, messageId: this.#spokenId },
      onTranscribed: ({ type, text }) =>
        this.#host.emit({ type: 'user_input_transcribed', turnId, text, final: type === 'final' }),
    });
  }

  #endCapture(take: Take): Promise<CaptureReport> {
    this.#capture ??= take.end().then((report) => {
      this.#host.emit({ type: 'capture_ended', turnId: this.id, report });
      return report;
    });
    return this.#capture;
  }

  /** @returns the conversation for this turn's answer, as the hook left it */
  async #commitUser(text: string): Promise<Said> {
    const host = this.#host;
    const agent = host.session.currentAgent;
    this.#replaceUnanswered(agent);
    const context = agent.chatCtx;
    const said = this.#userMessage(text);
    let failure: unknown = null;
    try {
      const isStop = (thrown: unknown) => thrown instanceof StopResponse;
      await runHook(`${agent.id}.onUserTurnCompleted`, () => agent.onUserTurnCompleted(context, said), isStop);
    } catch (thrown) {
      if (thrown instanceof StopResponse) this.#stopReason = thrown.message;
      else failure = thrown;
    }
    // After what the hook added, so that the model reads the question last.
    const message: ChatMessage = { ...said, createdAt: Date.now() };
    const words = textOf(message);
    this.#messageId = message.id;
    host.emit({ type: 'user_speech_committed', turnId: this.id, messageId: message.id, text: words });
    if (failure !== null) throw failure;
    if (this.#stopReason === null) {
      agent.liveContext.insert(message);
      host.addItem(message, this.id);
      context.insert(message);
    }
    return { turnContext: { context, known: new Set(agent.liveContext.items.map(({ id }) => id)) } };
  }

  /** A turn that sends another again takes the place of its words. */
  #replaceUnanswered(agent: Agent): void {
    const { retryOf } = this.#opening;
    const replaced = retryOf && this.#host.unanswered.get(retryOf);
    if (replaced) agent.liveContext.remove(replaced);
  }

  #userMessage(text: string): ChatMessage {
    return { type: 'message', id: this.#spokenId, createdAt: Date.now(), role: 'user', content: [text] };
  }

  #makeAnswer(): Answer {
    const { id: turnId } = this;
    const host = this.#host;
    const playback = this.#opening.transport.play(turnId);
    return new Answer(
      {
        turnId,
        session: host.session,
        playback,
        wordsFor: (realtime) => (realtime && realtime === this.#realtime ? Promise.resolve() : this.#words),
        events: {
          speechCreated: ({ type }) => host.emit({ type: 'speech_created', turnId, source: type }),
          text: (text) => {
            this.#clock.mark('token');
            host.emit({ type: 'agent_text_generated', turnId, text });
          },
          audio: (samples, text) => host.emit({ type: 'agent_audio_generated', turnId, samples, text: text ?? null }),
          heard: (heardSamples, heardText) => {
            if (heardSamples > 0) {
              this.#clock.mark('audio');
              host.dispatch({ type: 'reply_audible', turnId });
            }
            host.emit({ type: 'agent_speech_heard', turnId, heardSamples, heardText });
          },
          toolsCalled: (calls) => {
            for (const call of calls) host.addItem(call, turnId);
          },
          toolsExecuted: (executed) => {
            for (const { output } of executed) host.addItem(output, turnId);
            host.emit({
              type: 'function_tools_executed',
              turnId,
              executions: executed.map(({ call, output, durationMs, failure }) => ({
                call,
                output,
                durationMs,
                failure,
              })),
            });
          },
          handoff: (agent) => host.handOver(agent),
        },
      },
      this.#speeches.splice(0),
    );
  }

  /** @returns whether the conversation got an answer */
  async #settleAnswer(answer: Answer): Promise<boolean> {
    const { said, complete, fault } = await answer.finished;
    let messageId: string | null = null;
    for (const { agent, message, part } of said) {
      if (!message) continue;
      // When only the voice failed, the words were still read.
      const shown = complete || fault?.stage === 'tts' ? part.text : part.heardText;
      if (shown === '') {
        agent.liveContext.remove(message.id);
        continue;
      }
      message.content = [shown];
      if (!complete) message.interrupted = true;
      messageId ??= message.id;
      this.#host.addItem(message, this.id);
    }
    const text = said.map(({ part }) => part.text).join('');
    if (text === '') return false;
    const heardText = said.map(({ part }) => (complete ? part.text : part.heardText)).join('');
    this.#host.emit({
      type: 'agent_speech_committed',
      turnId: this.id,
      messageId,
      text,
      heardText,
      interrupted: !complete,
    });
    return messageId !== null;
  }
}

/** Connections are opened while the user speaks. */
function warm(agent: Agent, models: Models, listens: boolean): void {
  if (listens) (agent.stt ?? models.stt).warm();
  llmOf(agent, models)?.warm();
  (agent.tts ?? models.tts(agent.voice)).warm();
}
