/**
 * Samples out of the bytes that a speech server sends, as they come: raw 16-bit PCM, or a WAV file in spite of what was
 * asked for, with whatever lengths its header claims, split anywhere.
 */
import type { AudioFrame } from '../../audio/frame.ts';
import { readWavHeader } from '../../audio/wav.ts';
import { MalformedAnswer } from './faults.ts';

/** A WAV header with editors' chunks before the sound is not longer than this. */
const LONGEST_HEADER = 65_536;

const OTHER_FORMATS: readonly (readonly [magic: string, name: string])[] = [
  ['ID3', 'MP3'],
  ['OggS', 'Ogg'],
  ['fLaC', 'FLAC'],
  ['{', 'JSON'],
  ['<', 'a web page'],
];

const OTHER_SERVER = 'Choose a speech server, or a model of this one, that sends PCM or WAV.';

interface Layout {
  readonly sampleRate: number;
  readonly channels: number;
  /** Bytes of sound still to come; Infinity when the header does not say, or there is none. */
  left: number;
}

/**
 * @param sampleRate of raw PCM, in Hz, unless `contentType` names another (`audio/pcm; rate=16000`)
 * @throws MalformedAnswer when it is something else than 16-bit PCM
 */
export async function* decodePcm(
  bytes: AsyncIterable<Uint8Array>,
  contentType: string,
  sampleRate: number,
): AsyncGenerator<AudioFrame, void> {
  let held: Uint8Array = new Uint8Array(0);
  let layout: Layout | null = null;
  for await (const chunk of bytes) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (!layout) {
      const found = readLayout(held, contentType, sampleRate);
      if (!found) continue;
      layout = found.layout;
      held = held.subarray(found.offset);
    }
    const bytesPerFrame = 2 * layout.channels;
    const length = Math.min(held.length - (held.length % bytesPerFrame), layout.left);
    if (length > 0) yield toFrame(held.subarray(0, length), layout);
    layout.left -= length;
    held = layout.left < bytesPerFrame ? new Uint8Array(0) : held.subarray(length);
  }
  if (!layout && held.length >= 2)
    yield toFrame(held.subarray(0, held.length & ~1), rawLayout(contentType, sampleRate));
}

/** @returns null while more bytes are needed to tell. */
function readLayout(
  bytes: Uint8Array,
  contentType: string,
  sampleRate: number,
): { layout: Layout; offset: number } | null {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (magic.length < 4) return null;
  if (magic === 'RIFF') {
    const header = readWavHeader(bytes);
    if (!header && bytes.length < LONGEST_HEADER) return null;
    if (header?.format !== 'pcm' || header.bitsPerSample !== 16)
      throw new MalformedAnswer('it is a WAV file, but not of 16-bit PCM', OTHER_SERVER);
    const wholeFrames = Math.floor((header.dataBytes ?? Number.POSITIVE_INFINITY) / (2 * header.channels));
    const left = wholeFrames * 2 * header.channels;
    return { layout: { sampleRate: header.sampleRate, channels: header.channels, left }, offset: header.dataOffset };
  }
  const other = OTHER_FORMATS.find(
    ([start]) => magic.startsWith(start) && (start.length > 1 || !contentType.includes('audio')),
  );
  const mp3 = /mpeg|mp3/.test(contentType) && bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0;
  if (other || mp3) throw new MalformedAnswer(`it is ${other?.[1] ?? 'MP3'}, not PCM`, OTHER_SERVER);
  return { layout: rawLayout(contentType, sampleRate), offset: 0 };
}

function rawLayout(contentType: string, sampleRate: number): Layout {
  const named = Number(/rate=(\d+)/.exec(contentType)?.[1]);
  return { sampleRate: named >= 8_000 ? named : sampleRate, channels: 1, left: Number.POSITIVE_INFINITY };
}

/** Channels are averaged. */
function toFrame(bytes: Uint8Array, { sampleRate, channels }: Layout): AudioFrame {
  // Copied: the bytes may begin at an odd address.
  if (channels === 1) return { samples: new Int16Array(new Uint8Array(bytes).buffer), sampleRate };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Int16Array(bytes.byteLength / 2 / channels);
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += view.getInt16(2 * (i * channels + channel), true);
    samples[i] = Math.round(sum / channels);
  }
  return { samples, sampleRate };
}
