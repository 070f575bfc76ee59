/** Where in a file of sound something is heard. */
import { msToSamples, PIPELINE_RATE } from '../../src-main/audio/frame.ts';
import { openSoundFile } from '../../src-main/audio/sound-file.ts';

/** The channels of a file at 24 kHz, in the measure of 16-bit samples. */
export async function channelsOf(path: string): Promise<Float32Array[]> {
  const file = await openSoundFile(path);
  const channels: number[][] = [];
  for await (const { channelData, sampleRate } of file.sound) {
    if (sampleRate !== PIPELINE_RATE) throw new Error(`the file is at ${sampleRate} Hz`);
    for (const [index, data] of channelData.entries()) {
      channels[index] ??= [];
      for (const sample of data) (channels[index] as number[]).push(sample * 32_768);
    }
  }
  await file.close();
  return channels.map((samples) => Float32Array.from(samples));
}

/** @returns how far, in milliseconds, `sound` lies from `atMs` in `channel`, and how alike they are there, 0 to 1 */
export function find(channel: Float32Array, sound: Int16Array, atMs: number): { offMs: number; likeness: number } {
  let best = { offMs: Number.POSITIVE_INFINITY, likeness: 0 };
  for (let offMs = -150; offMs <= 150; offMs += 0.5) {
    const start = msToSamples(atMs + offMs, PIPELINE_RATE);
    let [product, ours, theirs] = [0, 0, 0];
    for (let index = 0; index < sound.length; index += 2) {
      const [a, b] = [sound[index] as number, channel[start + index] ?? 0];
      product += a * b;
      ours += a * a;
      theirs += b * b;
    }
    const likeness = product / Math.sqrt(ours * theirs || 1);
    if (likeness > best.likeness) best = { offMs, likeness };
  }
  return best;
}
