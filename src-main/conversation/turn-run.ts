/**
 * One turn while it runs: the user is heard, what was said becomes part of the conversation, and is answered. The session
 * decides when; this knows how.
 */
import { Fault, reportFault, toFault } from '../fault.ts';
import type { RealtimeSession } from '../speech/realtime/realtime.ts';
import type { Agent } from './agent.ts';
import { Answer } from './answer.ts';
import { answerEvents, keepAnswer } from './answer-events.ts';
import { Hearing } from './hearing.ts';
import { runHook } from './hooks.ts';
import type { Models } from './models.ts';
import type { QueuedSpeech, TurnContext } from './queued-speech.ts';
import { llmOf } from './realtime-sessions.ts';
import { PendingSpeech } from './speech-handle.ts';
import type { Outcome } from './turn.ts';
import { TurnClock } from './turn-clock.ts';
import type { TurnHost } from './turn-host.ts';
import { type Opening, turnConfiguration } from './turn-opening.ts';
import { UserMessage } from './user-message.ts';
import type { UserTurnExceeded } from './user-turn-limit.ts';

/** How long a turn that is over waits for words that a realtime model may write down late. */
const LAST_WORDS_MS = 3_000;
/** How long one that was interrupted waits for words that were never heard before. */
const UNHEARD_WORDS_MS = 60_000;

/** What was said is part of the conversation; `turnContext` as a hook left that for this answer. */
interface Said {
  readonly turnContext: TurnContext | null;
}

export class TurnRun {
  readonly id: string;
  readonly models: Models;
  /** Whether the words are to be answered. */
  reply = true;
  /** Said in this turn, once its answer begins. */
  readonly #speeches: QueuedSpeech[];
  readonly #host: TurnHost;
  readonly #opening: Opening;
  readonly #clock = new TurnClock();
  readonly #message: UserMessage;
  readonly #hearing: Hearing | null;
  /** Hears and answers in place of the pipeline. */
  readonly #realtime: RealtimeSession | null;
  /** Resolves when the user's words are known, or never will be. */
  #words: Promise<void> = Promise.resolve();
  readonly #committed = Promise.withResolvers<string>();
  /** Resolves when something is to be said before the answer. */
  readonly #spokenTo = Promise.withResolvers<void>();
  /** Set once the words are on their way into the conversation. */
  #said: Promise<Said> | null = null;
  #answer: Answer | null = null;
  /** Why a tool ended the answer, if one did. */
  #toolStop: string | null = null;
  #fault: Fault | null = null;

  /** Announces the turn. @throws what the recorder throws when it can't be kept */
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
    this.#message = new UserMessage(host, id, retryOf);
    const realtime = host.realtime.of(agent, models);
    this.#realtime = realtime;
    const recording = content?.type === 'recording' ? content : null;
    this.#hearing =
      source === 'voice' || recording
        ? new Hearing({
            turnId: id,
            host,
            agent,
            models,
            realtime,
            messageId: this.#message.id,
            recording,
            onExceeded: (exceeded) => this.#exceed(agent, exceeded),
          })
        : null;
    if (realtime) realtime.warm();
    else warm(agent, models, this.#hearing !== null);
  }

  /** The transcript. @throws Fault when there will be none */
  get committed(): Promise<string> {
    return this.#committed.promise;
  }

  /** Whether what is said now is said at once. */
  get answering(): boolean {
    return this.#answer !== null;
  }

  /** @param samples 24 kHz mono. @param sequence counts the take's frames from 0. */
  receive(sequence: number, samples: Int16Array): void {
    this.#hearing?.take.receive(sequence, samples);
  }

  /** The key came up. */
  release(): void {
    this.#clock.mark('release');
    this.#hearing?.take.release();
  }

  /** The key went down again before the take was closed. */
  resume(): void {
    this.#hearing?.take.resume();
  }

  /** To be said in this turn, after what is waiting. @returns false when nothing more can be said in it */
  say(speech: QueuedSpeech): boolean {
    if (this.#answer) {
      if (!this.#answer.open) return false;
      this.#answer.add(speech);
    } else {
      this.#speeches.push(speech);
      this.#spokenTo.resolve();
    }
    return true;
  }

  /** Of the message that the user's own words become. */
  get messageId(): string {
    return this.#message.id;
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
    const host = this.#host;
    const hearing = this.#hearing;
    if (!hearing) return;
    try {
      const spoken = await hearing.finish();
      // Of a hook that was called while the user spoke.
      if (this.#fault) throw this.#fault;
      if (spoken) void hearing.transcript.then(() => this.#clock.mark('transcript')).catch(() => {});
      await host.settled();
      this.#committed.resolve(spoken ? hearing.transcript : '');
      if (host.isCurrent(this.id)) host.dispatch({ type: 'transcribed', turnId: this.id, empty: !spoken });
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
      if (!host.isCurrent(this.id)) return;
      const greetings = this.#speeches.length;
      const said = content?.type === 'text' ? await this.#commit(content.text) : await this.#commitSpoken();
      if (!host.isCurrent(this.id)) return;
      if (said && this.reply && this.#message.stopReason === null) {
        const speech = { type: 'reply' as const, instructions: null, toolChoice: null, ...said };
        this.#speeches.push({ speech, handle: new PendingSpeech() });
        this.#rememberFirst(greetings);
      }
      if (this.#speeches.length === 0) {
        host.dispatch({ type: 'reply_ended', turnId: this.id, complete: true });
        return;
      }
      this.#answer = this.#makeAnswer();
      const { fault, complete, stopReason } = await this.#answer.finished;
      this.#toolStop = stopReason;
      if (fault) this.fail(fault);
      else host.dispatch({ type: 'reply_ended', turnId: this.id, complete });
    } catch (thrown) {
      this.fail(toFault(thrown, 'hook'));
    }
  }

  /** Stops what runs. @param keepListening lets the recognition end: its words still belong to the conversation */
  stop(keepListening: boolean): void {
    this.#answer?.stop();
    if (!keepListening && !this.#message.committed) this.#hearing?.stop();
  }

  /** Brings a closed turn's words into the conversation, then announces its end. Never rejects. */
  async settle(outcome: Outcome): Promise<void> {
    const host = this.#host;
    const turnId = this.id;
    await this.#hearing?.endCapture();
    await this.#keepWords(outcome);
    await this.#within(LAST_WORDS_MS, this.#words);
    const answered = this.#answer !== null && keepAnswer(host, turnId, await this.#answer.finished);
    if (!answered && this.#message.committed) host.unanswered.set(turnId, this.#message.id);
    for (const { handle } of this.#speeches) handle.finish(true);
    this.#committed.reject(new Fault('turn-over', `The turn ended as ${outcome}`, { hint: 'Speak again.' }));
    const timings = this.#clock.timings();
    const error = outcome === 'failed' && this.#fault ? reportFault(this.#fault) : null;
    if (error) host.emit({ type: 'error', turnId, error, recoverable: false });
    host.emit({ type: 'metrics_collected', turnId, timings });
    const stopReason = this.#message.stopReason ?? this.#toolStop;
    host.emit({ type: 'turn_ended', turnId, outcome, error, stopReason, timings });
  }

  /** What was to be said before the user's words is remembered before them: a model is to read the question last. */
  #rememberFirst(greetings: number): void {
    const saidAt = this.#message.createdAt - 1;
    this.#speeches.splice(0, greetings, ...this.#speeches.slice(0, greetings).map((one) => ({ ...one, saidAt })));
  }

  #exceed(agent: Agent, exceeded: UserTurnExceeded): void {
    const hook = () => agent.onUserTurnExceeded(exceeded);
    runHook(`${agent.id}.onUserTurnExceeded`, hook).catch((thrown: unknown) => this.fail(toFault(thrown, 'hook')));
  }

  /** @returns null when nothing was said, or the turn is over meanwhile */
  async #commitSpoken(): Promise<Said | null> {
    const hearing = this.#hearing;
    if (!hearing) return null;
    // A hook is promised the words; without one a realtime model need not wait for them.
    if (this.#realtime && !this.#host.session.currentAgent.readsTurns) {
      this.#words = this.#message.commitSound(hearing.transcript);
      return { turnContext: null };
    }
    const text = await hearing.transcript;
    return text !== '' && this.#host.isCurrent(this.id) ? this.#commit(text) : null;
  }

  #commit(text: string): Promise<Said> {
    this.#said ??= this.#message.commit(text).then((turnContext) => ({ turnContext }));
    return this.#said;
  }

  /** What was said before an interruption belongs to the conversation, and what was written whatever came of it. */
  async #keepWords(outcome: Outcome): Promise<void> {
    const { content } = this.#opening;
    const written = content?.type === 'text' ? content.text : null;
    const kept = outcome === 'interrupted' || (outcome === 'failed' && written !== null);
    if (!kept || this.#message.committed) return;
    const text =
      written ??
      (await this.#within(
        UNHEARD_WORDS_MS,
        this.#hearing?.transcript.catch(() => ''),
      )) ??
      '';
    if (text !== '') await this.#commit(text).catch(() => {});
  }

  /** Ends the recognition that has not brought the words by then. @param words never reject */
  async #within<T>(ms: number, words: Promise<T> | undefined): Promise<T | undefined> {
    const timer = setTimeout(() => this.#hearing?.stop(), ms);
    const known = await words;
    clearTimeout(timer);
    return known;
  }

  #makeAnswer(): Answer {
    const { id: turnId } = this;
    const host = this.#host;
    return new Answer(
      {
        turnId,
        session: host.session,
        realtime: host.realtime,
        playback: this.#opening.transport.play(turnId),
        wordsFor: (realtime) => (realtime && realtime === this.#realtime ? Promise.resolve() : this.#words),
        events: answerEvents(host, turnId, this.#clock),
      },
      this.#speeches.splice(0),
    );
  }
}

/** Connections are opened while the user speaks. */
function warm(agent: Agent, models: Models, listens: boolean): void {
  if (listens) (agent.stt ?? models.stt).warm();
  llmOf(agent, models)?.warm();
  (agent.tts ?? models.tts(agent.voice)).warm();
}
