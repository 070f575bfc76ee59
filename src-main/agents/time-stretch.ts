/**
 * Changes how fast sound goes by without changing its pitch, with Sonic, a library made for speech. Where new words
 * begin the old ones are finished first, so that it stays known which words are heard when.
 */
import loadSonic, { type Sonic } from '@echogarden/sonic-wasm';
import type { AudioFrame } from '../audio/frame.ts';

let loading: Promise<Sonic> | null = null;

/** @param speed 2 takes half as long. */
export async function* stretched(frames: AsyncIterable<AudioFrame>, speed: number): AsyncGenerator<AudioFrame, void> {
  loading ??= loadSonic();
  const sonic = await loading;
  let stream: Stream | null = null;
  let text: string | undefined;
  function* output(samples: Int16Array, sampleRate: number): Generator<AudioFrame> {
    if (samples.length === 0) return;
    yield text === undefined ? { samples, sampleRate } : { samples, sampleRate, text };
    text = undefined;
  }
  try {
    for await (const frame of frames) {
      if (stream && (frame.text !== undefined || frame.sampleRate !== stream.sampleRate)) {
        yield* output(stream.end(), stream.sampleRate);
        stream = null;
      }
      if (frame.text !== undefined) text = (text ?? '') + frame.text;
      stream ??= new Stream(sonic, frame.sampleRate, speed);
      yield* output(stream.push(frame.samples), frame.sampleRate);
    }
    if (stream) yield* output(stream.end(), stream.sampleRate);
    stream = null;
  } finally {
    stream?.free();
  }
}

/** One of Sonic's streams, which live outside of JavaScript's memory. */
class Stream {
  readonly sampleRate: number;
  readonly #sonic: Sonic;
  readonly #handle: number;

  constructor(sonic: Sonic, sampleRate: number, speed: number) {
    this.sampleRate = sampleRate;
    this.#sonic = sonic;
    this.#handle = sonic._sonicCreateStream(sampleRate, 1);
    // Emscripten's bindings of functions with float arguments take plain numbers.
    sonic._sonicSetSpeed(this.#handle, speed);
  }

  push(samples: Int16Array): Int16Array {
    const sonic = this.#sonic;
    const input = sonic._malloc(samples.byteLength);
    sonic.HEAP16.set(samples, input / 2);
    sonic._sonicWriteShortToStream(this.#handle, input, samples.length);
    sonic._free(input);
    return this.#read();
  }

  /** @returns what was still held; the stream is gone afterwards */
  end(): Int16Array {
    this.#sonic._sonicFlushStream(this.#handle);
    const rest = this.#read();
    this.free();
    return rest;
  }

  free(): void {
    this.#sonic._sonicDestroyStream(this.#handle);
  }

  #read(): Int16Array {
    const sonic = this.#sonic;
    const available = sonic._sonicSamplesAvailable(this.#handle);
    if (available === 0) return new Int16Array(0);
    const output = sonic._malloc(available * 2);
    const count = sonic._sonicReadShortFromStream(this.#handle, output, available);
    const samples = sonic.HEAP16.slice(output / 2, output / 2 + count);
    sonic._free(output);
    return samples;
  }
}
