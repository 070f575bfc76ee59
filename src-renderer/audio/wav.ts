/** Where the samples of a WAV file begin. */

export interface WavData {
  readonly start: number;
  readonly bytes: number;
}

/** @param head the beginning of the file, at least up to its samples. @throws when it is no WAV file */
export function findWavData(head: ArrayBuffer): WavData {
  const view = new DataView(head);
  const name = (offset: number) => String.fromCharCode(...new Uint8Array(head, offset, 4));
  for (let offset = 12; offset + 8 <= head.byteLength; ) {
    const bytes = view.getUint32(offset + 4, true);
    if (name(offset) === 'data') return { start: offset + 8, bytes };
    offset += 8 + bytes + (bytes % 2);
  }
  throw new Error('the recording is no WAV file');
}
