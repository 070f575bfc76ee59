/** The samples of a WAV file: where they begin, and they themselves. */

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

/** Of 16 bits; as many as there are, where the file was cut off. @throws when it is no WAV file */
export function samplesOf(wav: ArrayBuffer): Int16Array {
  const { bytes, start } = findWavData(wav);
  const available = Math.min(bytes, wav.byteLength - start);
  return new Int16Array(wav.slice(start, start + available - (available % 2)));
}
