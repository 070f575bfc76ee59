/** The recognition of one take: starts with the first frame, while the key is down, and ends with the take. */
import type { AudioFrame } from '../audio/frame.ts';
import { toFault } from '../fault.ts';
import { type CallOptions, inCall } from '../speech/call.ts';
import type { SpeechEvent, Stt } from '../speech/stt/stt.ts';

export interface RecognitionInput {
  readonly turnId: string;
  readonly stt: Stt;
  readonly frames: AsyncIterable<AudioFrame>;
  readonly language: string | null;
  readonly onUsage: NonNullable<CallOptions['onUsage']>;
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

  async #run({ turnId, stt, frames, language, onUsage, onTranscribed }: RecognitionInput): Promise<string> {
    const { signal } = this.#abort;
    const committed: string[] = [];
    try {
      const options = { signal, language, onUsage };
      for await (const event of inCall({ turnId, stage: 'stt' }, () => stt.recognize(frames, options))) {
        signal.throwIfAborted();
        const text = event.text.trim();
        if (event.type === 'final' && text !== '') committed.push(text);
        onTranscribed({ type: event.type, text });
      }
    } catch (thrown) {
      throw toFault(thrown, 'stt');
    }
    return committed.join(' ');
  }
}

/** Once stopped, a provider that is slow to notice holds nobody up. */
function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
