/**
 * WAV files, 16-bit PCM: written with lengths that are set when the file is closed, and mended when it never was.
 * Our own code, because the log must be able to repair exactly what it writes.
 * Layout: "Multimedia Programming Interface and Data Specifications 1.0", chapter 3 (RIFF, WAVE).
 */
import { open } from 'node:fs/promises';
import { Fault } from '../fault.ts';

export const WAV_HEADER_BYTES = 44;

/** What streaming writers put where the length belongs while they do not know it. */
const UNKNOWN_LENGTH = 0xffffffff;
/** Long enough for the chunks that editors put before the sound. */
const HEADER_SEARCH_BYTES = 65_536;
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

export interface WavLayout {
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Length of the sound; null while it is still being written. */
  readonly dataBytes: number | null;
  /** Of other chunks after the sound. */
  readonly bytesAfter?: number;
}

/** The 44 bytes before 16-bit PCM; written again over the first ones once the length is known. */
export function encodeWavHeader({ sampleRate, channels, dataBytes, bytesAfter = 0 }: WavLayout): Uint8Array {
  const header = new DataView(new ArrayBuffer(WAV_HEADER_BYTES));
  const bytesPerFrame = channels * 2;
  writeTag(header, 0, 'RIFF');
  header.setUint32(4, riffLength(WAV_HEADER_BYTES + bytesAfter, dataBytes), true);
  writeTag(header, 8, 'WAVE');
  writeTag(header, 12, 'fmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, PCM, true);
  header.setUint16(22, channels, true);
  header.setUint32(24, sampleRate, true);
  header.setUint32(28, sampleRate * bytesPerFrame, true);
  header.setUint16(32, bytesPerFrame, true);
  header.setUint16(34, 16, true);
  writeTag(header, 36, 'data');
  header.setUint32(40, Math.min(dataBytes ?? UNKNOWN_LENGTH, UNKNOWN_LENGTH), true);
  return new Uint8Array(header.buffer);
}

/** A whole mono file. @param sampleRate in Hz */
export function encodeWav(samples: Int16Array, sampleRate: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(WAV_HEADER_BYTES + samples.byteLength);
  file.set(encodeWavHeader({ sampleRate, channels: 1, dataBytes: samples.byteLength }));
  file.set(encodePcm(samples), WAV_HEADER_BYTES);
  return file;
}

/** The little-endian bytes of `samples`: a view of the same memory. */
export function encodePcm(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

export interface WavHeader {
  readonly format: 'pcm' | 'float';
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** Where the sound begins. */
  readonly dataOffset: number;
  /** As declared; null for the placeholders (0, 0x7fffffff and above) of files written as a stream. */
  readonly dataBytes: number | null;
}

/**
 * Reads the header of a WAV file, or of the beginning of one.
 * @returns null when this is not a WAV file, or the sound does not begin within `bytes`.
 */
export function readWavHeader(bytes: Uint8Array): WavHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (readTag(view, 0) !== 'RIFF' || readTag(view, 8) !== 'WAVE') return null;
  let fmt: Pick<WavHeader, 'format' | 'sampleRate' | 'channels' | 'bitsPerSample'> | null = null;
  let offset = 12;
  while (offset + 8 <= view.byteLength) {
    const tag = readTag(view, offset);
    const length = view.getUint32(offset + 4, true);
    const body = offset + 8;
    if (tag === 'data') {
      const dataBytes = length === 0 || length >= 0x7fffffff ? null : length;
      return fmt && { ...fmt, dataOffset: body, dataBytes };
    }
    if (tag === 'fmt ') fmt = readFormat(view, body, length);
    if (tag === 'fmt ' && !fmt) return null;
    offset = body + length + (length % 2);
  }
  return null;
}

/**
 * Sets the lengths in the header of a file whose writer was cut off, and drops an incomplete last sample.
 * The sound must be the file's last chunk, as in every file of ours. A file that was closed keeps its bytes.
 * @returns samples per channel
 * @throws Fault `audio-not-wav` when not even a header was written
 */
export async function repairWav(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const head = new Uint8Array(Math.min(size, HEADER_SEARCH_BYTES));
    await file.read(head, 0, head.length, 0);
    const header = readWavHeader(head);
    if (!header) {
      throw new Fault('audio-not-wav', `${path} has no WAV header`, {
        hint: 'The recording was cut off before its first sound was written; nothing can be recovered from it.',
      });
    }
    const bytesPerFrame = (header.channels * header.bitsPerSample) / 8;
    const samples = Math.floor((size - header.dataOffset) / bytesPerFrame);
    const dataBytes = samples * bytesPerFrame;
    const end = header.dataOffset + dataBytes;
    if (size !== end) await file.truncate(end);
    await file.write(uint32(riffLength(header.dataOffset, dataBytes)), 0, 4, 4);
    await file.write(uint32(Math.min(dataBytes, UNKNOWN_LENGTH)), 0, 4, header.dataOffset - 4);
    await file.sync();
    return samples;
  } finally {
    await file.close();
  }
}

function readFormat(view: DataView, body: number, length: number) {
  if (length < 16 || body + 16 > view.byteLength) return null;
  const declared = view.getUint16(body, true);
  const extended = declared === EXTENSIBLE && length >= 26 && body + 26 <= view.byteLength;
  const format = extended ? view.getUint16(body + 24, true) : declared;
  const channels = view.getUint16(body + 2, true);
  const sampleRate = view.getUint32(body + 4, true);
  const bitsPerSample = view.getUint16(body + 14, true);
  if ((format !== PCM && format !== FLOAT) || channels === 0 || sampleRate === 0 || bitsPerSample < 8) return null;
  return { format: format === PCM ? ('pcm' as const) : ('float' as const), sampleRate, channels, bitsPerSample };
}

function riffLength(dataOffset: number, dataBytes: number | null): number {
  return dataBytes === null ? UNKNOWN_LENGTH : Math.min(dataOffset - 8 + dataBytes, UNKNOWN_LENGTH);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function writeTag(view: DataView, offset: number, tag: string): void {
  for (let i = 0; i < 4; i++) view.setUint8(offset + i, tag.charCodeAt(i));
}

function readTag(view: DataView, offset: number): string {
  if (offset + 4 > view.byteLength) return '';
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + offset, 4));
}
