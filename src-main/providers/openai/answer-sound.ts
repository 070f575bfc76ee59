/**
 * The sound of what a speech server sends, as it comes: raw 16-bit PCM, or whatever else it makes in spite of what it
 * was asked for, with whatever lengths a header claims, split anywhere.
 */
import { mixDown } from '../../audio/decode.ts';
import { type AudioFrame, isRate } from '../../audio/frame.ts';
import { readWavHeader } from '../../audio/wav.ts';
import { sampleReader } from '../../audio/wav-samples.ts';
import { readText } from './answer-body.ts';
import { MalformedAnswer } from './faults.ts';
import type { Answer } from './request.ts';
import { type SoundFormat, soundFormat } from './sound-format.ts';

/** A WAV header with editors' chunks before the sound is not longer than this. */
const LONGEST_HEADER = 65_536;
/** Nobody reads more of an explanation. */
const LONGEST_TEXT = 65_536;
const OTHER_SERVER = 'Choose a speech server, or a model of this one, that sends PCM, WAV, MP3, Opus or FLAC.';

/** How the bytes that follow are to be read. */
interface Layout {
  readonly sampleRate: number;
  readonly bytesPerFrame: number;
  readonly toSamples: (bytes: Uint8Array) => Int16Array;
  /** Where the sound begins. */
  readonly offset: number;
  /** Bytes of sound; Infinity when nobody says. */
  readonly bytes: number;
}

/**
 * @param sampleRate of raw PCM, in Hz, unless the content type names another (`audio/pcm; rate=16000`)
 * @throws MalformedAnswer when it is nothing that can be played, APIError for an error that the server reports instead
 */
export async function* readSound({ bytes, contentType }: Answer, sampleRate: number): AsyncGenerator<AudioFrame, void> {
  const source = new Source(bytes);
  try {
    const format = await source.until(soundFormat);
    if (format.kind === 'compressed') return yield* decoded(format, source);
    if (format.kind === 'text') throw await explanation(source);
    if (format.kind === 'other') throw new MalformedAnswer(`it is ${format.name}, not PCM`, OTHER_SERVER);
    const layout = format.kind === 'wav' ? await source.until(wavLayout) : rawLayout(contentType, sampleRate);
    yield* uncompressed(source, layout);
  } finally {
    await bytes.return(undefined);
  }
}

/** Bytes of which the first were looked at already. */
class Source {
  readonly #bytes: AsyncGenerator<Uint8Array, void>;
  #head: Uint8Array = new Uint8Array(0);

  constructor(bytes: AsyncGenerator<Uint8Array, void>) {
    this.#bytes = bytes;
  }

  /** Takes in bytes until `tell` can tell something by them, which it must when they end. */
  async until<T>(tell: (bytes: Uint8Array, ended: boolean) => T | null): Promise<T> {
    while (true) {
      const told = tell(this.#head, false);
      if (told !== null) return told;
      const next = await this.#bytes.next();
      if (next.done) return tell(this.#head, true) as T;
      this.#head = Buffer.concat([this.#head, next.value]);
    }
  }

  async *all(): AsyncGenerator<Uint8Array, void> {
    if (this.#head.length > 0) yield this.#head;
    yield* this.#bytes;
  }
}

function wavLayout(bytes: Uint8Array, ended: boolean): Layout | null {
  const header = readWavHeader(bytes);
  if (!header && bytes.length < LONGEST_HEADER && !ended) return null;
  const toSamples = header && sampleReader(header);
  if (!header || !toSamples) throw new MalformedAnswer('it is a WAV file of a kind that we can’t read', OTHER_SERVER);
  const { sampleRate, channels, bitsPerSample, dataOffset, dataBytes } = header;
  if (!isRate(sampleRate)) throw new MalformedAnswer(`it is a WAV file at ${sampleRate} Hz`, OTHER_SERVER);
  const bytesPerFrame = (bitsPerSample / 8) * channels;
  return { sampleRate, bytesPerFrame, toSamples, offset: dataOffset, bytes: dataBytes ?? Number.POSITIVE_INFINITY };
}

function rawLayout(contentType: string, sampleRate: number): Layout {
  const named = Number(/rate=(\d+)/.exec(contentType)?.[1]);
  const channels = /channels=2\b/.test(contentType) ? 2 : 1;
  const toSamples = sampleReader({ format: 'pcm', bitsPerSample: 16, channels }) as Layout['toSamples'];
  const rate = isRate(named) ? named : sampleRate;
  return { sampleRate: rate, bytesPerFrame: 2 * channels, toSamples, offset: 0, bytes: Number.POSITIVE_INFINITY };
}

async function* uncompressed(source: Source, layout: Layout): AsyncGenerator<AudioFrame, void> {
  const { sampleRate, bytesPerFrame, toSamples, offset } = layout;
  let skip = offset;
  let left = layout.bytes - (layout.bytes % bytesPerFrame || 0);
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of source.all()) {
    const fresh = chunk.subarray(skip);
    skip -= chunk.length - fresh.length;
    held = held.length === 0 ? fresh : Buffer.concat([held, fresh]);
    const length = Math.min(held.length - (held.length % bytesPerFrame), left);
    if (length > 0) yield { samples: toSamples(held.subarray(0, length)), sampleRate };
    left -= length;
    held = left < bytesPerFrame ? new Uint8Array(0) : held.subarray(length);
  }
}

async function* decoded(
  { codec, name }: SoundFormat & { kind: 'compressed' },
  source: Source,
): AsyncGenerator<AudioFrame, void> {
  let lost = false;
  async function* watched(): AsyncGenerator<Uint8Array, void> {
    try {
      yield* source.all();
    } catch (thrown) {
      lost = true;
      throw thrown;
    }
  }
  // Loaded with the first answer that needs them: most servers send what was asked for.
  const { decodeCompressed } = await import('../../audio/codecs.ts');
  const broken = new MalformedAnswer(`it is ${name} that can't be decoded`, OTHER_SERVER);
  let silent = true;
  try {
    for await (const pcm of decodeCompressed(codec, watched())) {
      if (!pcm.channelData[0]?.length) continue;
      silent = false;
      yield { samples: mixDown(pcm).samples, sampleRate: pcm.sampleRate };
    }
  } catch (thrown) {
    throw lost ? thrown : broken;
  }
  // Decoders pass over what they don't understand.
  if (silent) throw broken;
}

/** @returns why there are words where sound should be. */
async function explanation(source: Source): Promise<Error> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of source.all()) {
    parts.push(part);
    length += part.length;
    if (length > LONGEST_TEXT) break;
  }
  try {
    const { kind } = readText(Buffer.concat(parts), '');
    return new MalformedAnswer(`it is ${kind === 'document' ? 'JSON' : 'text'}, not sound`, OTHER_SERVER);
  } catch (thrown) {
    return thrown as Error;
  }
}
