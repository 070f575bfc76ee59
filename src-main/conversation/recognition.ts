/**
 * The recognition of one take: starts with the first frame, while the key is down, and ends with the take. A realtime
 * model hears the take itself, and its words are known later.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { Fault, toFault } from '../fault.ts';
import { inCall } from '../speech/call.ts';
import type { RealtimeSession } from '../speech/realtime/realtime.ts';
import type { SpeechEvent } from '../speech/stt/stt.ts';
import type { Agent } from './agent.ts';
import { runNode } from './hooks.ts';

export interface RecognitionInput {
  readonly turnId: string;
  readonly agent: Agent;
  readonly frames: AsyncIterable<AudioFrame>;
  /** Resolves when the last frame is there; from then on an sttNode that yields nothing is stuck, read or not. */
  readonly framesEnded: Promise<void>;
  /** Who hears in place of the agent's sttNode, and under which message. */
  readonly realtime: { readonly session: RealtimeSession; readonly messageId: string } | null;
  readonly onTranscribed: (event: SpeechEvent) => void;
}

export class Recognition {
  readonly #abort = new AbortController();
  readonly #transcript: Promise<string>;
  readonly #heard = Promise.withResolvers<boolean>();

  constructor(input: RecognitionInput) {
    this.#transcript = Promise.race([this.#run(input), stopped(this.#abort.signal)]);
    this.#transcript.then((text) => this.#heard.resolve(text !== ''), this.#heard.reject);
    this.#heard.promise.catch(() => {});
    // A failure is reported to whoever asks for the transcript, which may be much later.
    this.#transcript.catch(() => {});
  }

  /** Resolves after the last frame was recognised. @throws Fault */
  get transcript(): Promise<string> {
    return this.#transcript;
  }

  /** Resolves when it can be answered, with whether there is anything to answer. @throws Fault */
  get heard(): Promise<boolean> {
    return this.#heard.promise;
  }

  stop(): void {
    const message = 'The turn was over before its words were known';
    this.#abort.abort(new Fault('turn-over', message, { hint: 'Speak again.', stage: 'stt' }));
  }

  async #run(input: RecognitionInput): Promise<string> {
    const { onTranscribed } = input;
    const committed: string[] = [];
    try {
      for await (const item of this.#listen(input)) {
        const { type, text } = typeof item === 'string' ? { type: 'final' as const, text: item } : item;
        const words = text.trim();
        if (type === 'final' && words !== '') committed.push(words);
        onTranscribed({ type, text: words });
      }
    } catch (thrown) {
      throw toFault(thrown, 'stt');
    }
    return committed.join(' ');
  }

  #listen({ turnId, agent, frames, framesEnded, realtime }: RecognitionInput): AsyncIterable<SpeechEvent | string> {
    const { signal } = this.#abort;
    if (realtime) {
      const { session, messageId } = realtime;
      const onHeard = () => this.#heard.resolve(true);
      const { reportUsage: onUsage } = agent.session;
      return inCall({ turnId, stage: 'realtime' }, () =>
        session.listen(frames, { messageId, signal, onHeard, onUsage }),
      );
    }
    const node = () => agent.sttNode(frames, { turnId, signal });
    return inCall({ turnId, stage: 'stt' }, () => runNode('sttNode', node, expectSpeech, signal, framesEnded));
  }
}

function expectSpeech(item: unknown): string | null {
  if (typeof item === 'string') return null;
  const { type, text } = (item ?? {}) as Partial<SpeechEvent>;
  const right = (type === 'interim' || type === 'final') && typeof text === 'string';
  return right ? null : "text, or speech events { type: 'interim' | 'final', text }";
}

/** Once stopped, a provider that is slow to notice holds nobody up. */
function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
