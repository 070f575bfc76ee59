/** A WAV file of 32-bit floating-point samples, which may be anything a float can be. */

/** @param channels of equal lengths, -1..1 */
export function floatWav(channels: readonly Float32Array[], sampleRate: number): Uint8Array {
  const frames = channels[0]?.length ?? 0;
  const bytesPerFrame = 4 * channels.length;
  const file = Buffer.alloc(44 + frames * bytesPerFrame);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(3, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * bytesPerFrame, 28);
  file.writeUInt16LE(bytesPerFrame, 32);
  file.writeUInt16LE(32, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(frames * bytesPerFrame, 40);
  for (const [c, channel] of channels.entries()) {
    for (const [i, sample] of channel.entries()) file.writeFloatLE(sample, 44 + i * bytesPerFrame + 4 * c);
  }
  return file;
}
