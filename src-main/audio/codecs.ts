/**
 * The decoders of compressed files, one shape for all: bytes of the file in, samples out. Each is its format's own
 * reference decoder compiled to WebAssembly, and finds its way through its container itself.
 */
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { MPEGDecoder } from 'mpg123-decoder';
import { OggOpusDecoder } from 'ogg-opus-decoder';

/** Samples of several channels, -1..1. */
export interface Pcm {
  /** One array for each channel, of equal lengths. */
  readonly channelData: readonly Float32Array[];
  /** In Hz. */
  readonly sampleRate: number;
}

export type Codec = 'mp3' | 'flac' | 'vorbis' | 'opus';

interface Decoded extends Pcm {
  readonly errors: readonly { readonly message: string }[];
}

interface Decoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  /** What was held back at the end; MP3 holds nothing back. */
  flush?(): Promise<Decoded>;
  free(): void;
}

const open: Record<Codec, () => Decoder> = {
  mp3: () => new MPEGDecoder(),
  flac: () => new FLACDecoder(),
  vorbis: () => new OggVorbisDecoder(),
  opus: () => new OggOpusDecoder(),
};

/**
 * @param bytes the whole file, in pieces
 * @throws Error when something in it can't be decoded
 */
export async function* decodeCompressed(codec: Codec, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Pcm, void> {
  const decoder = open[codec]();
  await decoder.ready;
  try {
    for await (const piece of bytes) yield sound(await decoder.decode(piece));
    if (decoder.flush) yield sound(await decoder.flush());
  } finally {
    decoder.free();
  }
}

function sound(decoded: Decoded): Pcm {
  const [error] = decoded.errors;
  if (error) throw new Error(error.message);
  return decoded;
}
