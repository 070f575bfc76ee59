/**
 * Everything that is said in answer to one turn: one speech after the other, those that tools and hooks add meanwhile,
 * until nothing is left to say or somebody interrupts.
 */
import { type Fault, toFault } from '../fault.ts';
import type { AnswerInput } from './answer-input.ts';
import { AnswerVoice, type SaidMessage } from './answer-voice.ts';
import { runNode } from './hooks.ts';
import type { QueuedSpeech, Speech } from './queued-speech.ts';
import { type ReplyInput, reply } from './reply.ts';
import { SpeechOutput } from './speech-output.ts';
import { expectText } from './utterance.ts';

export interface AnswerResult {
  /** False when it was stopped before all of it was heard. */
  readonly complete: boolean;
  readonly fault: Fault | null;
  readonly said: readonly SaidMessage[];
  /** Why a tool ended the answer, if one did. */
  readonly stopReason: string | null;
}

export class Answer {
  readonly #input: AnswerInput;
  readonly #abort = new AbortController();
  readonly #queue: QueuedSpeech[] = [];
  /** Of what is being made: whoever waits for it must not wait for a node that is stuck. */
  readonly #making = new Set<QueuedSpeech['handle']>();
  #queued: (() => void) | null = null;
  #open = true;
  /** Speeches so far. */
  #added = 0;
  readonly #output: SpeechOutput;
  readonly #voice: AnswerVoice;
  readonly #finished: Promise<AnswerResult>;
  #stopReason: string | null = null;
  /** Functions that run, until their results are told. */
  #calling: Promise<unknown> = Promise.resolve();

  constructor(input: AnswerInput, speeches: readonly QueuedSpeech[]) {
    this.#input = input;
    this.#output = new SpeechOutput(input.playback, input.events);
    this.#voice = new AnswerVoice(this.#output, (text) => input.events.text(text));
    for (const queued of speeches) this.add(queued);
    this.#finished = this.#run();
  }

  /** Resolves once nothing of the answer runs any more; never rejects. */
  get finished(): Promise<AnswerResult> {
    return this.#finished;
  }

  /** Whether more can be said in it: it may be heard out long after everything was made. */
  get open(): boolean {
    return this.#open;
  }

  /** To be said after what is already waiting. */
  add(queued: QueuedSpeech): void {
    this.#input.events.speechCreated(queued);
    this.#added += 1;
    this.#queue.push(queued);
    this.#queued?.();
  }

  /** Silences it at once and cancels what is still being made. */
  stop(): void {
    this.#abort.abort(new Error('The reply was stopped'));
    this.#output.stop();
  }

  async #run(): Promise<AnswerResult> {
    let fault: Fault | null = null;
    try {
      // Once stopped, a provider that is slow to notice holds nobody up.
      await Promise.race([this.#work(), aborted(this.#abort.signal)]);
    } catch (thrown) {
      if (!this.#abort.signal.aborted) fault = toFault(thrown, 'llm');
      // Sound of a reply that will never be whole is not played on.
      this.stop();
    }
    // Calls end at once when the answer is stopped; what came of them belongs to the turn.
    await this.#calling;
    const heard = await this.#output.finish();
    for (const handle of [...this.#making, ...this.#queue.map((queued) => queued.handle)]) handle.finish(true);
    const complete = heard && fault === null && !this.#abort.signal.aborted;
    const { said } = this.#voice;
    if (!complete) for (const { forget } of said) forget?.();
    return { complete, fault, said, stopReason: this.#stopReason };
  }

  async #work(): Promise<void> {
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        const filler = next.speech.type === 'say' && !next.speech.addToChatCtx;
        const after = filler && this.#queue[0]?.speech.type === 'reply' ? this.#queue.shift() : undefined;
        const said = this.#perform(next);
        // What the conversation does not remember need not be known to the model: it thinks meanwhile.
        await Promise.all([said, after && this.#perform(after, said)]);
      }
    } finally {
      this.#open = false;
    }
  }

  /** @param turn resolves when it may be heard */
  async #perform(queued: QueuedSpeech, turn: Promise<void> = Promise.resolve()): Promise<void> {
    const { speech, handle, saidAt } = queued;
    this.#making.add(handle);
    handle.markBegun();
    if (speech.type === 'say') await this.#say(speech, saidAt);
    else await this.#reply({ ...queued, speech }, turn);
    this.#making.delete(handle);
    handle.markMade();
    void this.#output.heard().then(() => handle.finish(this.#abort.signal.aborted));
  }

  #say({ text, audio, addToChatCtx: keep }: Speech & { type: 'say' }, saidAt?: number): Promise<void> {
    const { session, turnId } = this.#input;
    const { signal } = this.#abort;
    const words =
      typeof text === 'string' ? once(text) : runNode('The text given to say', () => text, expectText, signal);
    return this.#voice.utter(session.currentAgent, { text: words, audio, keep, saidAt }, { turnId, signal });
  }

  async #reply(asked: Pick<ReplyInput, 'speech' | 'handle' | 'saidAt'>, turn: Promise<void>): Promise<void> {
    const stopReason = await reply({
      ...this.#input,
      ...asked,
      turn,
      signal: this.#abort.signal,
      voice: this.#voice,
      meanwhile: (work) => this.#sayMeanwhile(work),
      calling: (executing) => {
        this.#calling = Promise.allSettled([this.#calling, executing]);
      },
    });
    this.#stopReason ??= stopReason;
  }

  /** What a tool or a hook says while it works is said at once, not after the reply that called it. */
  async #sayMeanwhile<T>(work: Promise<T>): Promise<{ result: T; spoke: boolean }> {
    const added = this.#added;
    let working = true;
    const worked = work.finally(() => {
      working = false;
    });
    worked.catch(() => {});
    while (working) {
      const next = this.#queue.shift();
      if (next) await this.#perform(next);
      else {
        const queued = new Promise<void>((resolve) => {
          this.#queued = resolve;
        });
        await Promise.race([worked, queued]);
      }
    }
    return { result: await worked, spoke: this.#added > added };
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
