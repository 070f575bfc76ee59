/**
 * Speaks a reply while it is still being written: one request for each piece of text, in order, and one ahead. The next
 * piece is asked for when the first sound of this one has come, and the one after it when this one has been taken:
 * whoever takes frames at the pace of playback never runs dry, and has paid for two pieces at most when interrupted.
 */
import { type AudioFrame, concatSamples, msToSamples, PIPELINE_RATE } from '../../audio/frame.ts';
import { createResampler, type Resampler } from '../../audio/resample.ts';
import { Channel } from '../../channel.ts';
import { toFault } from '../../fault.ts';
import type { CallOptions } from '../call.ts';
import { splitSentences } from './sentences.ts';
import { hasSound, spokenText } from './spoken-text.ts';
import type { Speaker, Tts, TtsOptions } from './tts.ts';

const FRAME_MS = 20;

export function sentenceTts(speaker: Speaker): Tts {
  return {
    label: speaker.label,
    synthesize: (text, options) => synthesize(speaker, text, options),
    warm: () => speaker.warm(),
  };
}

async function* synthesize(
  speaker: Speaker,
  text: AsyncIterable<string>,
  options: TtsOptions,
): AsyncGenerator<AudioFrame, void> {
  options.signal.throwIfAborted();
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const pieces = readPieces(text, speaker.maxCharacters, signal);

  async function begin(): Promise<Utterance | null> {
    const { value: piece } = await pieces.next();
    return piece === undefined ? null : new Utterance(speaker, piece, { ...options, signal });
  }

  /** Text that made no sound yet; it goes with the next sound. */
  let silentText = '';
  let next = begin();
  try {
    while (true) {
      const utterance = await next;
      if (!utterance) break;
      await utterance.begun;
      next = begin();
      next.catch(() => {});
      silentText += utterance.text;
      for await (const frame of utterance.frames()) {
        yield silentText ? { ...frame, text: silentText } : frame;
        silentText = '';
      }
    }
    if (silentText) yield { ...toFrame(new Int16Array(msToSamples(FRAME_MS, PIPELINE_RATE))), text: silentText };
  } catch (thrown) {
    options.signal.throwIfAborted();
    throw toFault(thrown, 'tts');
  } finally {
    left.abort();
  }
}

/** The pieces to speak, read from the text as fast as it is written, so that whoever writes it is never held up. */
function readPieces(
  text: AsyncIterable<string>,
  maxCharacters: number,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const pieces = new Channel<string>();
  const splitter = splitSentences(maxCharacters);
  const read = async () => {
    for await (const part of text) {
      if (signal.aborted) return;
      for (const piece of splitter.push(part)) pieces.push(piece);
    }
    for (const piece of splitter.end()) pieces.push(piece);
    pieces.close();
  };
  read().catch((thrown: unknown) => pieces.fail(thrown));
  signal.addEventListener('abort', () => pieces.fail(signal.reason), { once: true });
  return pieces[Symbol.asyncIterator]();
}

/** The sound of one piece, fetched as fast as it comes, whether it is already listened to or not. */
class Utterance {
  /** As it was written. */
  readonly text: string;
  /** Resolves at the first sound, or at the end if there is none; never rejects. */
  readonly begun: Promise<void>;
  readonly #sound = new Channel<AudioFrame>();
  #failure: { readonly thrown: unknown } | null = null;

  constructor(speaker: Speaker, text: string, options: CallOptions) {
    this.text = text;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.begun = promise;
    this.#fetch(speaker, options, resolve)
      .catch((thrown: unknown) => {
        this.#failure = { thrown };
      })
      .finally(() => {
        this.#sound.close();
        resolve();
      });
  }

  async #fetch(speaker: Speaker, options: CallOptions, begun: () => void): Promise<void> {
    const spoken = spokenText(this.text);
    if (!hasSound(spoken)) return;
    const framer = new Framer();
    for await (const piece of speaker.speak(spoken, options)) {
      options.signal.throwIfAborted();
      for (const frame of framer.push(piece)) this.#sound.push(frame);
      begun();
    }
    for (const frame of framer.end()) this.#sound.push(frame);
  }

  /** @throws what the speaker threw, after all the sound that came before. */
  async *frames(): AsyncGenerator<AudioFrame, void> {
    yield* this.#sound;
    if (this.#failure) throw this.#failure.thrown;
  }
}

/** Cuts sound of any rate into frames of 20 ms at the pipeline's rate; the last one may be shorter. */
class Framer {
  #resampler: Resampler | null = null;
  #sampleRate = 0;
  #rest = new Int16Array(0);

  push({ samples, sampleRate }: AudioFrame): AudioFrame[] {
    const before = sampleRate === this.#sampleRate ? [] : this.#finish();
    if (!this.#resampler || sampleRate !== this.#sampleRate) {
      this.#resampler = createResampler(sampleRate, PIPELINE_RATE);
      this.#sampleRate = sampleRate;
    }
    return this.#cut([...before, this.#resampler.push(samples)]);
  }

  end(): AudioFrame[] {
    const frames = this.#cut(this.#finish());
    return this.#rest.length > 0 ? [...frames, toFrame(this.#rest)] : frames;
  }

  #finish(): Int16Array[] {
    return this.#resampler ? [this.#resampler.flush()] : [];
  }

  #cut(sound: readonly Int16Array[]): AudioFrame[] {
    const samples = concatSamples([this.#rest, ...sound]);
    const frameLength = msToSamples(FRAME_MS, PIPELINE_RATE);
    const frames: AudioFrame[] = [];
    let start = 0;
    for (; start + frameLength <= samples.length; start += frameLength) {
      frames.push(toFrame(samples.slice(start, start + frameLength)));
    }
    this.#rest = samples.slice(start);
    return frames;
  }
}

function toFrame(samples: Int16Array): AudioFrame {
  return { samples, sampleRate: PIPELINE_RATE };
}
