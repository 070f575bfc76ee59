/**
 * A reply on its way out: the model's text streams into text-to-speech, its sound into the loudspeaker, each
 * stage as far ahead of the next as it can be. What was heard is known at every moment.
 */
import { Channel } from '../channel.ts';
import { type Fault, toFault } from '../fault.ts';
import { type CallOptions, inCall } from '../speech/call.ts';
import type { ChatItem } from '../speech/llm/chat.ts';
import type { Llm } from '../speech/llm/llm.ts';
import type { Tts } from '../speech/tts/tts.ts';
import type { Playback } from '../transport/transport.ts';
import { HeardText } from './heard-text.ts';

export interface ReplyEvents {
  text(text: string): void;
  /** 24 kHz; `text` where new words begin. */
  audio(samples: Int16Array, text: string | undefined): void;
  heard(heardSamples: number, heardText: string): void;
}

export interface ReplyInput {
  readonly turnId: string;
  readonly llm: Llm;
  readonly tts: Tts;
  readonly context: readonly ChatItem[];
  readonly playback: Playback;
  readonly onUsage: NonNullable<CallOptions['onUsage']>;
  readonly events: ReplyEvents;
}

export interface ReplyResult {
  /** Everything the model wrote. */
  readonly text: string;
  readonly heardText: string;
  /** False when it was stopped before all of it was heard. */
  readonly complete: boolean;
  readonly fault: Fault | null;
}

export class Reply {
  readonly #input: ReplyInput;
  readonly #abort = new AbortController();
  readonly #heard = new HeardText();
  readonly #finished: Promise<ReplyResult>;
  #text = '';

  constructor(input: ReplyInput) {
    this.#input = input;
    input.playback.onHeard((samples) => input.events.heard(samples, this.#heard.heardBy(samples)));
    this.#finished = this.#run();
  }

  /** Resolves once nothing of the reply runs any more; never rejects. */
  get finished(): Promise<ReplyResult> {
    return this.#finished;
  }

  /** Silences it at once and cancels what is still being made. */
  stop(): void {
    this.#abort.abort(new Error('The reply was stopped'));
    this.#input.playback.stop();
  }

  async #run(): Promise<ReplyResult> {
    const { playback } = this.#input;
    const spoken = new Channel<string>();
    let fault: Fault | null = null;

    const writing = this.#write(spoken)
      .catch((thrown: unknown) => {
        if (this.#abort.signal.aborted) return;
        fault ??= toFault(thrown, 'llm');
        // Sound made from a reply that will never be whole is not played on.
        this.stop();
      })
      .finally(() => spoken.close());
    const speaking = this.#speak(spoken).catch((thrown: unknown) => {
      if (this.#abort.signal.aborted) return;
      // The words go on: they can still be read.
      fault ??= toFault(thrown, 'tts');
      playback.stop();
    });
    // Once stopped, a provider that is slow to notice holds nobody up.
    await Promise.race([Promise.all([writing, speaking]), aborted(this.#abort.signal)]);

    playback.end();
    const { heardSamples, complete } = await playback.done;
    const whole = complete && fault === null && !this.#abort.signal.aborted;
    const heardText = whole ? this.#heard.text : this.#heard.heardBy(heardSamples);
    this.#input.events.heard(heardSamples, heardText);
    return { text: this.#text, heardText, complete: whole, fault };
  }

  async #write(spoken: Channel<string>): Promise<void> {
    const { llm, context, turnId, onUsage, events } = this.#input;
    const options = { signal: this.#abort.signal, onUsage };
    for await (const chunk of inCall({ turnId, stage: 'llm' }, () => llm.chat(context, options))) {
      if (this.#abort.signal.aborted) return;
      if (chunk.text === '') continue;
      this.#text += chunk.text;
      events.text(chunk.text);
      spoken.push(chunk.text);
    }
  }

  async #speak(spoken: AsyncIterable<string>): Promise<void> {
    const { tts, turnId, onUsage, playback, events } = this.#input;
    const options = { signal: this.#abort.signal, onUsage };
    for await (const frame of inCall({ turnId, stage: 'tts' }, () => tts.synthesize(spoken, options))) {
      if (this.#abort.signal.aborted) return;
      this.#heard.add(frame.samples.length, frame.text);
      events.audio(frame.samples, frame.text);
      playback.write(frame);
    }
    this.#heard.end();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
