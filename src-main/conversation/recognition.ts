/** The recognition of one take: starts with the first frame, while the key is down, and ends with the take. */
import type { AudioFrame } from '../audio/frame.ts';
import { toFault } from '../fault.ts';
import { inCall } from '../speech/call.ts';
import type { SpeechEvent } from '../speech/stt/stt.ts';
import type { Agent } from './agent.ts';
import { runNode } from './hooks.ts';

export interface RecognitionInput {
  readonly turnId: string;
  readonly agent: Agent;
  readonly frames: AsyncIterable<AudioFrame>;
  readonly onTranscribed: (event: SpeechEvent) => void;
}

export class Recognition {
  readonly #abort = new AbortController();
  readonly #transcript: Promise<string>;

  constructor(input: RecognitionInput) {
    this.#transcript = Promise.race([this.#run(input), stopped(this.#abort.signal)]);
    // A failure is reported to whoever asks for the transcript, which may be much later.
    this.#transcript.catch(() => {});
  }

  /** Resolves after the last frame was recognised. @throws Fault */
  get transcript(): Promise<string> {
    return this.#transcript;
  }

  stop(): void {
    this.#abort.abort(new Error('The recognition was stopped'));
  }

  async #run({ turnId, agent, frames, onTranscribed }: RecognitionInput): Promise<string> {
    const { signal } = this.#abort;
    const committed: string[] = [];
    try {
      const node = () => agent.sttNode(frames, { turnId, signal });
      const events = inCall({ turnId, stage: 'stt' }, () => runNode('sttNode', node, expectSpeech, signal));
      for await (const item of events) {
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
