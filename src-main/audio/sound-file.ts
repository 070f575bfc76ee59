/**
 * An audio file of unknown kind: what it is, whether it is whole, and its sound in pieces. Mediabunny tells containers
 * and codecs apart and reads WAV; compressed sound goes to its own decoder.
 */
import { type FileHandle, open } from 'node:fs/promises';
import * as container from 'mediabunny';
import { Fault } from '../fault.ts';
import { type Codec, decodeCompressed, type Pcm } from './codecs.ts';
import { readWavHeader, type WavHeader } from './wav.ts';

const { WAVE, MP3, FLAC, OGG, MP4, QTFF, MATROSKA, WEBM, ADTS } = container;
/** More than we decode, so that the others can be called by their names. */
const FORMATS = [WAVE, MP3, FLAC, OGG, MP4, QTFF, MATROSKA, WEBM, ADTS];
const COMPRESSED: ReadonlyMap<container.InputFormat, readonly string[]> = new Map([
  [MP3, ['mp3']],
  [FLAC, ['flac']],
  [OGG, ['vorbis', 'opus']],
]);
const FORMATS_HINT = 'Give a WAV, MP3, FLAC or OGG (Vorbis or Opus) file';
const WHOLE_FILE_HINT = 'Copy or download the file again, or convert it to WAV';

const HEAD_BYTES = 65_536;
/** So little that even silence, the most compressible sound, unfolds to a few megabytes at a time. */
const PIECE_BYTES = 16_384;
/** Of plain PCM, read at once. */
const PCM_FRAMES = 65_536;
const OGG_PAGE_HEADER_BYTES = 27;
const OGG_PAGE_MAX_BYTES = 65_307;

export interface SoundFile {
  /** @throws Fault `audio-damaged`, `audio-truncated` */
  readonly sound: AsyncIterable<Pcm>;
  close(): Promise<void>;
}

/**
 * @throws Fault `audio-missing`, `audio-unreadable`, `audio-empty`, `audio-unknown`, `audio-unsupported`,
 *   `audio-truncated`, `audio-damaged`
 */
export async function openSoundFile(path: string): Promise<SoundFile> {
  const file = await open(path).catch((cause) => {
    if (cause.code === 'ENOENT') {
      throw new Fault('audio-missing', `There is no file ${path}`, { hint: 'Check the path', cause });
    }
    throw unreadable(path, cause);
  });
  try {
    const size = await sizeOf(path, file);
    const head = await readBytes(file, 0, Math.min(size, HEAD_BYTES));
    const wav = readWavHeader(head);
    if (wav ? endsBefore(wav, size) : await endsWithinOggPage(file, head, size)) throw truncated(path);
    const input = new container.Input({ source: wavTolerantSource(file, size, wav), formats: FORMATS });
    return {
      sound: isPlain(wav) ? plainSound(path, file, size, wav) : await soundOf(path, file, size, input),
      async close() {
        input.dispose();
        await file.close();
      },
    };
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

async function sizeOf(path: string, file: FileHandle): Promise<number> {
  const stat = await file.stat();
  if (!stat.isFile()) throw unreadable(path, new Error('not a regular file'));
  if (stat.size === 0) throw new Fault('audio-empty', `${path} is empty`, { hint: FORMATS_HINT });
  return stat.size;
}

async function soundOf(
  path: string,
  file: FileHandle,
  size: number,
  input: container.Input,
): Promise<AsyncIterable<Pcm>> {
  const format = await input.getFormat().catch((cause) => {
    throw new Fault('audio-unknown', `${path} is not an audio file of a kind we know`, { hint: FORMATS_HINT, cause });
  });
  try {
    const track = await input.getPrimaryAudioTrack();
    const codec = (await track?.getCodec()) ?? null;
    if (track && codec && format === WAVE) return wavSound(path, track);
    if (!codec || !COMPRESSED.get(format)?.includes(codec)) {
      const content = codec ? `${codec.toUpperCase()} sound` : 'no sound that we can decode';
      throw new Fault('audio-unsupported', `${path} is ${format.name} with ${content}`, { hint: FORMATS_HINT });
    }
    const sound = compressedSound(path, codec as Codec, file, size);
    if (codec === 'flac') return exactly(path, sound, await input.getDurationFromMetadata());
    return format === OGG ? upTo(sound, await input.computeDuration()) : sound;
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown : damaged(path, format.name, thrown);
  }
}

function isPlain(wav: WavHeader | null): wav is WavHeader {
  return wav?.format === 'pcm' && wav.bitsPerSample === 16;
}

/** The most common of all files, read without a detour: a third of the time that analysing many of them takes. */
async function* plainSound(path: string, file: FileHandle, size: number, wav: WavHeader): AsyncGenerator<Pcm, void> {
  const { channels, sampleRate, dataOffset } = wav;
  const bytesPerFrame = 2 * channels;
  const end = wav.dataBytes === null ? size : Math.min(size, dataOffset + wav.dataBytes);
  const frames = Math.floor((end - dataOffset) / bytesPerFrame);
  for (let first = 0; first < frames; first += PCM_FRAMES) {
    const count = Math.min(PCM_FRAMES, frames - first);
    const start = dataOffset + first * bytesPerFrame;
    const bytes = await readBytes(file, start, start + count * bytesPerFrame).catch((cause) => {
      throw damaged(path, WAVE.name, cause);
    });
    if (bytes.length < count * bytesPerFrame) throw truncated(path);
    const samples = new Int16Array(bytes.buffer, 0, count * channels);
    const channelData = Array.from({ length: channels }, (_, channel) => {
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) values[i] = (samples[i * channels + channel] as number) / 32_768;
      return values;
    });
    yield { channelData, sampleRate };
  }
}

async function* wavSound(path: string, track: container.InputAudioTrack): AsyncGenerator<Pcm, void> {
  try {
    for await (const sample of new container.AudioSampleSink(track).samples()) {
      const channelData = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
        const channel = new Float32Array(sample.numberOfFrames);
        sample.copyTo(channel, { planeIndex, format: 'f32-planar' });
        return channel;
      });
      sample.close();
      yield { channelData, sampleRate: sample.sampleRate };
    }
  } catch (cause) {
    throw damaged(path, WAVE.name, cause);
  }
}

async function* compressedSound(path: string, codec: Codec, file: FileHandle, size: number): AsyncGenerator<Pcm, void> {
  try {
    yield* decodeCompressed(codec, pieces(file, size));
  } catch (cause) {
    throw damaged(path, codec.toUpperCase(), cause);
  }
}

async function* pieces(file: FileHandle, size: number): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < size; start += PIECE_BYTES) {
    yield await readBytes(file, start, Math.min(size, start + PIECE_BYTES));
  }
}

/** FLAC says how long it is: less than that is a fault. @param durationS null when it does not say */
async function* exactly(path: string, sound: AsyncIterable<Pcm>, durationS: number | null): AsyncGenerator<Pcm, void> {
  let seconds = 0;
  for await (const pcm of sound) {
    seconds += durationOf(pcm);
    yield pcm;
  }
  if (durationS !== null && seconds < durationS - 0.001) throw truncated(path);
}

/** Cuts what encoders add to fill the last packet of an Ogg file, which the Opus decoder leaves in part. */
async function* upTo(sound: AsyncIterable<Pcm>, durationS: number): AsyncGenerator<Pcm, void> {
  let left = durationS;
  for await (const pcm of sound) {
    const wanted = Math.round(Math.max(0, left) * pcm.sampleRate);
    left -= durationOf(pcm);
    yield { ...pcm, channelData: pcm.channelData.map((channel) => channel.subarray(0, wanted)) };
  }
}

/** In seconds. */
function durationOf({ channelData, sampleRate }: Pcm): number {
  const frames = channelData[0]?.length ?? 0;
  return frames === 0 ? 0 : frames / sampleRate;
}

/** Where a WAV header holds a placeholder, mediabunny is shown "up to the end of the file". */
function wavTolerantSource(file: FileHandle, size: number, wav: WavHeader | null): container.Source {
  const placeholders = wav && wav.dataBytes === null ? [4, wav.dataOffset - 4] : [];
  return new container.CustomSource({
    getSize: () => size,
    async read(start, end) {
      const bytes = await readBytes(file, start, end);
      for (const offset of placeholders) {
        for (let i = Math.max(offset, start); i < Math.min(offset + 4, end); i++) bytes[i - start] = 0xff;
      }
      return bytes;
    },
  });
}

function endsBefore(wav: WavHeader, size: number): boolean {
  return wav.dataBytes !== null && wav.dataOffset + wav.dataBytes > size;
}

/** Layout of a page: RFC 3533, section 6. */
async function endsWithinOggPage(file: FileHandle, head: Uint8Array, size: number): Promise<boolean> {
  if (Buffer.from(head.buffer, head.byteOffset, 4).toString('latin1') !== 'OggS') return false;
  const tail = Buffer.from(await readBytes(file, Math.max(0, size - OGG_PAGE_MAX_BYTES), size));
  const page = tail.subarray(tail.lastIndexOf('OggS'));
  const segments = page[OGG_PAGE_HEADER_BYTES - 1];
  if (segments === undefined) return true;
  const lacing = page.subarray(OGG_PAGE_HEADER_BYTES, OGG_PAGE_HEADER_BYTES + segments);
  const body = lacing.reduce((total, length) => total + length, 0);
  return lacing.length < segments || page.length < OGG_PAGE_HEADER_BYTES + segments + body;
}

async function readBytes(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  return bytes.subarray(0, bytesRead);
}

function unreadable(path: string, cause: Error): Fault {
  return new Fault('audio-unreadable', `${path} can't be read: ${cause.message}`, {
    hint: 'Check that it is a file and that you may read it',
    cause,
  });
}

function truncated(path: string): Fault {
  return new Fault('audio-truncated', `${path} ends before its sound does`, { hint: WHOLE_FILE_HINT });
}

function damaged(path: string, kind: string, cause: unknown): Fault {
  return new Fault('audio-damaged', `${path} is ${kind}, but damaged or of an unusual kind`, {
    hint: WHOLE_FILE_HINT,
    cause,
  });
}
