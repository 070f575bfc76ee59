/** Whether one content is what its entry committed to: bytes in the database, or sound in a file. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PIPELINE_RATE } from '../../audio/frame.ts';
import { encodeWavHeader, WAV_HEADER_BYTES } from '../../audio/wav.ts';
import { type ContentManifest, commit, openCommitment, SALT_BYTES } from '../chain/chain.ts';
import { inHome } from '../store/audio-files.ts';

export interface ContentRow {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly salt: Uint8Array | null;
  readonly bytes: Uint8Array | null;
  readonly file: string | null;
}

type ContentProblem = readonly [
  'content-altered' | 'content-missing' | 'file-altered' | 'file-missing' | 'file-unreadable',
  detail: string,
];

const READ_BYTES = 1 << 18;
const buffer = new Uint8Array(READ_BYTES);

/** @returns null when it is */
export function checkContent(
  home: string,
  declared: ContentManifest,
  content: ContentRow,
  salt: Uint8Array,
): ContentProblem | null {
  const { name, type, length, file, bytes } = content;
  const altered = file === null ? 'content-altered' : 'file-altered';
  if (type !== declared.type || length !== declared.length) return [altered, `${name}: type or length`];
  if (salt.length !== SALT_BYTES) return [altered, `${name}: its salt`];
  if (bytes) return commit(declared.type, bytes, salt) === declared.commitment ? null : [altered, name];
  if (file === null) return ['content-missing', name];
  const commitment = openCommitment(declared.type, salt);
  const trouble = checkSound(home, file, length, (piece) => commitment.update(piece));
  if (trouble) return trouble;
  return commitment.digest().commitment === declared.commitment ? null : [altered, file];
}

/** A file that the disk does not give out must not keep the others from being checked. */
function checkSound(...[home, file, dataBytes, update]: Parameters<typeof readSound>): ContentProblem | null {
  try {
    return readSound(home, file, dataBytes, update);
  } catch (thrown) {
    return ['file-unreadable', `${file} (${(thrown as Error).message})`];
  }
}

/** The header follows from the length, so a file of sound is wholly checked by comparing it and committing to the rest. */
function readSound(
  home: string,
  file: string,
  dataBytes: number,
  update: (piece: Uint8Array) => void,
): ContentProblem | null {
  const descriptor = openIfThere(inHome(home, file));
  if (descriptor === null) return ['file-missing', file];
  try {
    if (fstatSync(descriptor).size !== WAV_HEADER_BYTES + dataBytes) return ['file-altered', `${file}: its length`];
    let read = readSync(descriptor, buffer);
    const expected = encodeWavHeader({ sampleRate: PIPELINE_RATE, channels: 1, dataBytes });
    if (Buffer.compare(buffer.subarray(0, Math.min(read, WAV_HEADER_BYTES)), expected) !== 0) {
      return ['file-altered', `${file}: its header`];
    }
    update(buffer.subarray(WAV_HEADER_BYTES, read));
    for (let left = WAV_HEADER_BYTES + dataBytes - read; left > 0 && read > 0; left -= read) {
      read = readSync(descriptor, buffer);
      update(buffer.subarray(0, read));
    }
    return null;
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw thrown;
  }
}
