/** Whether one content is what its entry committed to: bytes in the database, or sound in a file. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { PIPELINE_RATE } from '../audio/frame.ts';
import { encodeWavHeader, WAV_HEADER_BYTES } from '../audio/wav.ts';
import { inHome } from './audio-files.ts';
import { type ContentManifest, openCommitment } from './chain.ts';

export interface ContentRow {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly salt: Uint8Array | null;
  readonly bytes: Uint8Array | null;
  readonly file: string | null;
}

type ContentProblem = readonly ['content-altered' | 'file-altered' | 'file-missing', detail: string];

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
  const commitment = openCommitment(declared.type, salt);
  if (bytes) {
    commitment.update(bytes);
  } else if (file !== null) {
    const trouble = readSound(home, file, length, (piece) => commitment.update(piece));
    if (trouble) return trouble;
  }
  return commitment.digest().commitment === declared.commitment ? null : [altered, file ?? name];
}

/** The header follows from the length, so a file of sound is wholly checked by comparing it and committing to the rest. */
function readSound(
  home: string,
  file: string,
  dataBytes: number,
  update: (piece: Uint8Array) => void,
): ContentProblem | null {
  const path = inHome(home, file);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return ['file-missing', file];
  if (size !== WAV_HEADER_BYTES + dataBytes) return ['file-altered', `${file}: its length`];
  const descriptor = openSync(path, 'r');
  try {
    const header = new Uint8Array(WAV_HEADER_BYTES);
    readSync(descriptor, header);
    const expected = encodeWavHeader({ sampleRate: PIPELINE_RATE, channels: 1, dataBytes });
    if (Buffer.compare(header, expected) !== 0) return ['file-altered', `${file}: its header`];
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      update(buffer.subarray(0, read));
    }
    return null;
  } finally {
    closeSync(descriptor);
  }
}
