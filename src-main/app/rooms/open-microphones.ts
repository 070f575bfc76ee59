/** Talking without a key: voice detection on every microphone of a room says when somebody begins and when they are done. */
import { msToSamples, PIPELINE_RATE } from '../../audio/frame.ts';
import type { Vad, VadOptions, VadStream } from '../../speech/vad/vad.ts';

/** Silence after which somebody has said what they wanted to say. */
const ENDPOINT_MS = 700;
/** Sound from before speech was certain that belongs to it. */
const PRE_ROLL_SAMPLES = msToSamples(800, PIPELINE_RATE);

export interface OpenMicrophoneEvents {
  /** @param before the sound up to now, in frames. @returns whether they are being heard */
  began(identity: string, before: readonly Int16Array[]): boolean;
  ended(identity: string): void;
}

export class OpenMicrophones {
  readonly #vad: Vad;
  readonly #options: VadOptions;
  readonly #events: OpenMicrophoneEvents;
  readonly #microphones = new Map<string, Microphone>();

  constructor(vad: Vad, options: VadOptions, events: OpenMicrophoneEvents) {
    this.#vad = vad;
    this.#options = options;
    this.#events = events;
  }

  /** @param samples 24 kHz mono */
  hear(identity: string, samples: Int16Array): void {
    const known = this.#microphones.get(identity);
    const microphone = known ?? new Microphone(identity, this.#vad.open(PIPELINE_RATE, this.#options), this.#events);
    this.#microphones.set(identity, microphone);
    microphone.hear(samples);
  }

  forget(identity: string): void {
    this.#microphones.delete(identity);
  }
}

class Microphone {
  readonly #identity: string;
  readonly #vad: VadStream;
  readonly #events: OpenMicrophoneEvents;
  #before: Int16Array[] = [];
  #speaking = false;
  #work: Promise<void> = Promise.resolve();

  constructor(identity: string, vad: VadStream, events: OpenMicrophoneEvents) {
    this.#identity = identity;
    this.#vad = vad;
    this.#events = events;
  }

  hear(samples: Int16Array): void {
    if (!this.#speaking) this.#keep(samples);
    // A detector that fails leaves this microphone unheard; the key still works.
    this.#work = this.#work.then(() => this.#detect(samples)).catch(() => {});
  }

  async #detect(samples: Int16Array): Promise<void> {
    const { speaking, silenceMs } = await this.#vad.push(samples);
    if (!this.#speaking && speaking) {
      this.#speaking = this.#events.began(this.#identity, this.#before);
      if (this.#speaking) this.#before = [];
    } else if (this.#speaking && silenceMs >= ENDPOINT_MS) {
      this.#speaking = false;
      this.#events.ended(this.#identity);
    }
  }

  #keep(samples: Int16Array): void {
    this.#before.push(samples);
    let kept = this.#before.reduce((sum, piece) => sum + piece.length, 0);
    for (let first = this.#before[0]; first && kept - first.length >= PRE_ROLL_SAMPLES; first = this.#before[0]) {
      kept -= first.length;
      this.#before.shift();
    }
  }
}
