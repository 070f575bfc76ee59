/** What a speech server really sent, told by its first bytes: servers name formats wrongly, or not at all. */
import type { Codec } from '../../audio/codecs.ts';

export type SoundFormat =
  | { readonly kind: 'raw' | 'wav' | 'text' }
  | { readonly kind: 'compressed'; readonly codec: Codec; readonly name: string }
  /** Nothing that we can decode. */
  | { readonly kind: 'other'; readonly name: string };

/** Enough to tell words from samples: no sound stays this long among the letters. */
const ENOUGH = 16;
/** The capture pattern of an Ogg page, its header, and the name of what is inside. */
const ENOUGH_OF_OGG = 36;

const OTHER_FORMATS: readonly (readonly [at: number, magic: string, name: string])[] = [
  [4, 'ftyp', 'MP4'],
  [0, '\x1a\x45\xdf\xa3', 'WebM'],
  [0, 'FORM', 'AIFF'],
  [0, '.snd', 'AU'],
];

/**
 * @param bytes from the first one on
 * @param ended no more will come
 * @returns null while more bytes are needed to tell
 */
export function soundFormat(bytes: Uint8Array, ended: boolean): SoundFormat | null {
  if (bytes.length < ENOUGH && !ended) return null;
  const head = Buffer.from(bytes.subarray(0, ENOUGH_OF_OGG)).toString('latin1');
  if (head.startsWith('RIFF')) return { kind: 'wav' };
  if (head.startsWith('ID3')) return { kind: 'compressed', codec: 'mp3', name: 'MP3' };
  if (head.startsWith('fLaC')) return { kind: 'compressed', codec: 'flac', name: 'FLAC' };
  if (head.startsWith('OggS')) return head.length < ENOUGH_OF_OGG && !ended ? null : oggFormat(head);
  const other = OTHER_FORMATS.find(([at, magic]) => head.startsWith(magic, at));
  if (other) return { kind: 'other', name: other[2] };
  const length = frameLength(bytes, 0);
  if (length !== null) {
    // One frame may be a coincidence; two in a row are not.
    if (bytes.length < length + 4 && !ended) return null;
    if (bytes.length <= length || frameLength(bytes, length) !== null) return frameFormat(bytes);
  }
  return { kind: /^(?:\xef\xbb\xbf)?[\t\n\r\x20-\x7e]+$/.test(head.slice(0, ENOUGH)) ? 'text' : 'raw' };
}

function oggFormat(head: string): SoundFormat {
  if (head.includes('OpusHead')) return { kind: 'compressed', codec: 'opus', name: 'Opus' };
  if (head.includes('vorbis')) return { kind: 'compressed', codec: 'vorbis', name: 'Vorbis' };
  return { kind: 'other', name: 'Ogg' };
}

function frameFormat(bytes: Uint8Array): SoundFormat {
  return isAac(bytes[1] ?? 0) ? { kind: 'other', name: 'AAC' } : { kind: 'compressed', codec: 'mp3', name: 'MP3' };
}

/** Layer 0 of an MPEG frame: AAC in ADTS. */
function isAac(second: number): boolean {
  return (second & 0xf6) === 0xf0;
}

/** In kbit/s, of Layer III. */
const BITRATES = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const RATES = [44_100, 48_000, 32_000];

/**
 * How long the frame of MP3 or AAC is that begins at `at`, in bytes; null when none does.
 * Layouts: ISO/IEC 11172-3, section 2.4.1.3, and ISO/IEC 13818-7, section 6.2.
 */
function frameLength(bytes: Uint8Array, at: number): number | null {
  const [sync = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = bytes.subarray(at, at + 6);
  if (sync !== 0xff) return null;
  if (isAac(second)) {
    const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
    return ((third >> 2) & 15) < 13 && length > 7 ? length : null;
  }
  const version = (second >> 3) & 3;
  if ((second & 0xe6) !== 0xe2 || version === 1) return null;
  const bitrate = BITRATES[version === 3 ? 1 : 2][third >> 4];
  const rate = RATES[(third >> 2) & 3];
  if (!bitrate || !rate) return null;
  const [divisor, bytesPerKilobit] = version === 3 ? [1, 144_000] : [version === 2 ? 2 : 4, 72_000];
  return Math.floor((bytesPerKilobit * bitrate) / (rate / divisor)) + ((third >> 1) & 1);
}
