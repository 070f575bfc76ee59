/** The signal in the `tones.*` files beside this one: two tones, one after the other, louder on the left. */

export const TONES_SECONDS = 0.4;

/** @returns `channels` planes, -1..1: channel c has an amplitude of 0.5 / (c + 1) */
export function tones(sampleRate: number, channels: number): Float64Array[] {
  const length = Math.round(TONES_SECONDS * sampleRate);
  return Array.from({ length: channels }, (_, channel) =>
    Float64Array.from({ length }, (_, i) => {
      const seconds = i / sampleRate;
      const frequency = seconds < TONES_SECONDS / 2 ? 400 : 1_000;
      return (0.5 / (channel + 1)) * Math.sin(2 * Math.PI * frequency * seconds);
    }),
  );
}

/** A WAV file of `planes`, 16-bit. */
export function wavOf(planes: readonly Float64Array[], sampleRate: number): Buffer {
  const frames = planes[0]?.length ?? 0;
  const blockAlign = planes.length * 2;
  const file = Buffer.alloc(44 + frames * blockAlign);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(planes.length, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * blockAlign, 28);
  file.writeUInt16LE(blockAlign, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(frames * blockAlign, 40);
  planes.forEach((plane, channel) => {
    plane.forEach((sample, i) => {
      file.writeInt16LE(Math.round(32_767 * sample), 44 + i * blockAlign + channel * 2);
    });
  });
  return file;
}
