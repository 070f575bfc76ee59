/** The samples of a WAV file, of whatever width: as 16-bit ones, channels mixed by their mean. */
import type { WavHeader } from './wav.ts';

/** One sample at a byte, in 16-bit full scale. */
type Read = (view: DataView, offset: number) => number;

const PCM: Readonly<Record<number, Read>> = {
  8: (view, offset) => (view.getUint8(offset) - 128) * 256,
  16: (view, offset) => view.getInt16(offset, true),
  24: (view, offset) => view.getInt16(offset + 1, true),
  32: (view, offset) => view.getInt16(offset + 2, true),
};
const FLOAT: Readonly<Record<number, Read>> = {
  32: (view, offset) => view.getFloat32(offset, true) * 32_768,
  64: (view, offset) => view.getFloat64(offset, true) * 32_768,
};

export type SampleLayout = Pick<WavHeader, 'format' | 'bitsPerSample' | 'channels'>;

/** What turns the bytes of whole frames into samples; null for a width that no file has. */
export function sampleReader({
  format,
  bitsPerSample,
  channels,
}: SampleLayout): ((bytes: Uint8Array) => Int16Array) | null {
  const read = (format === 'pcm' ? PCM : FLOAT)[bitsPerSample];
  if (!read) return null;
  // Copied: the bytes may begin at an odd address.
  if (channels === 1 && read === PCM[16]) return (bytes) => new Int16Array(new Uint8Array(bytes).buffer);
  const bytesPerSample = bitsPerSample / 8;
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const samples = new Int16Array(bytes.byteLength / bytesPerSample / channels);
    for (let i = 0; i < samples.length; i++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += read(view, bytesPerSample * (i * channels + channel));
      samples[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum / channels)));
    }
    return samples;
  };
}
