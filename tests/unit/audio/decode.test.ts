import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeAudioFile } from '../../../src-main/audio/decode.ts';
import { concatSamples, PIPELINE_RATE } from '../../../src-main/audio/frame.ts';
import { encodeWav, encodeWavHeader } from '../../../src-main/audio/wav.ts';
import { TONES_SECONDS, tones, wavOf } from '../../support/audio/tones.ts';

const SHIPPED = join(import.meta.dirname, '../../support/audio');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'squelch-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function decode(path: string): Promise<Int16Array> {
  const pieces: Int16Array[] = [];
  for await (const frame of decodeAudioFile(path)) {
    expect(frame.sampleRate).toBe(PIPELINE_RATE);
    pieces.push(frame.samples);
  }
  expect(pieces.slice(0, -1).every((piece) => piece.length === 480)).toBe(true);
  return concatSamples(pieces);
}

/** How far the sound is above its difference from `tones` at 24 kHz, in place and at the right level. */
function fidelityDb(actual: Int16Array, channels: number): number {
  const planes = tones(PIPELINE_RATE, channels);
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < actual.length; i++) {
    const ideal = (32_767 * planes.reduce((sum, plane) => sum + (plane[i] as number), 0)) / channels;
    signal += ideal ** 2;
    noise += (ideal - (actual[i] as number)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

describe('every format becomes mono at 24 kHz, as long and as loud as it was', () => {
  test.each([
    ['tones.mp3', 2, 12],
    ['tones.flac', 2, 50],
    ['tones-vorbis.ogg', 1, 12],
    ['tones-opus.ogg', 2, 12],
  ])('%s', async (name, channels, decibels) => {
    const samples = await decode(join(SHIPPED, name));
    expect(samples.length).toBe(TONES_SECONDS * PIPELINE_RATE);
    expect(fidelityDb(samples, channels)).toBeGreaterThan(decibels);
  });

  test.each([8_000, 11_025, 16_000, 24_000, 44_100, 48_000, 96_000])('WAV at %i Hz', async (sampleRate) => {
    const samples = await decode(await fileOf(`${sampleRate}.wav`, wavOf(tones(sampleRate, 1), sampleRate)));
    expect(samples.length).toBe(TONES_SECONDS * PIPELINE_RATE);
    expect(fidelityDb(samples, 1)).toBeGreaterThan(35);
  });

  test('WAV with 8 channels', async () => {
    const samples = await decode(await fileOf('eight.wav', wavOf(tones(48_000, 8), 48_000)));
    expect(fidelityDb(samples, 8)).toBeGreaterThan(35);
  });

  test('WAV at 24 kHz keeps every sample as it is', async () => {
    const samples = Int16Array.from({ length: 1_000 }, (_, i) => ((i * 7_919) % 65_536) - 32_768);
    expect(await decode(await fileOf('exact.wav', encodeWav(samples, PIPELINE_RATE)))).toEqual(samples);
  });

  test.each([0, 0xffffffff])('WAV written as a stream, with the length %i', async (placeholder) => {
    const samples = Int16Array.from({ length: 1_000 }, (_, i) => i);
    const file = Buffer.from(encodeWav(samples, PIPELINE_RATE));
    file.writeUInt32LE(placeholder, 4);
    file.writeUInt32LE(placeholder, 40);
    expect(await decode(await fileOf('stream.wav', file))).toEqual(samples);
  });
});

describe('what is not sound is refused with a reason', () => {
  const noise = Uint8Array.from({ length: 20_000 }, (_, i) => (i * i * 31 + (i >> 3)) % 251);
  const nothing = encodeWavHeader({ sampleRate: 24_000, channels: 1, dataBytes: 0 });
  const odd = Buffer.from(encodeWav(new Int16Array(10), 24_000));
  odd.writeUInt16LE(0x55, 20);

  test.each<[string, string, Uint8Array | string]>([
    ['an empty file', 'audio-empty', ''],
    ['a WAV of 0 samples', 'audio-empty', nothing],
    ['text', 'audio-unknown', 'hello'],
    ['noise', 'audio-unknown', noise],
    ['a WAV that stops in its header', 'audio-damaged', encodeWav(new Int16Array(10), 24_000).slice(0, 30)],
    ['a WAV with a codec in it', 'audio-damaged', odd],
    ['a WAV that was cut off', 'audio-truncated', encodeWav(new Int16Array(10), 24_000).slice(0, 50)],
    ['noise after a FLAC beginning', 'audio-damaged', Buffer.concat([Buffer.from('fLaC'), noise])],
    ['noise after an Ogg beginning', 'audio-truncated', Buffer.concat([Buffer.from('OggS'), noise.fill(255)])],
  ])('%s: %s', async (name, code, bytes) => {
    const path = await fileOf(`${name}.bin`, bytes);
    await expect(decode(path)).rejects.toMatchObject({ name: 'Fault', code, message: expect.stringContaining(path) });
  });

  test.each(['tones.flac', 'tones-vorbis.ogg', 'tones-opus.ogg'])('%s cut off: audio-truncated', async (name) => {
    const bytes = await readFile(join(SHIPPED, name));
    const path = await fileOf(`cut-${name}`, bytes.subarray(0, Math.floor(bytes.length * 0.8)));
    await expect(decode(path)).rejects.toMatchObject({ name: 'Fault', code: 'audio-truncated' });
  });

  test('an MP3, which has no end, is heard up to the cut', async () => {
    const bytes = await readFile(join(SHIPPED, 'tones.mp3'));
    const samples = await decode(await fileOf('cut.mp3', bytes.subarray(0, Math.floor(bytes.length / 2))));
    expect(samples.length).toBeGreaterThan(0.3 * TONES_SECONDS * PIPELINE_RATE);
    expect(samples.length).toBeLessThan(TONES_SECONDS * PIPELINE_RATE);
  });

  test.each([
    [0, 'audio-damaged'],
    [999, 'audio-unsupported'],
    [4_294_967_295, 'audio-unsupported'],
  ])('a WAV that claims a rate of %i Hz: %s', async (sampleRate, code) => {
    const file = Buffer.from(encodeWav(new Int16Array(100), 24_000));
    file.writeUInt32LE(sampleRate, 24);
    await expect(decode(await fileOf('rate.wav', file))).rejects.toMatchObject({ name: 'Fault', code });
  });

  test('another codec is called by its name', async () => {
    await expect(decode(join(SHIPPED, 'tones.m4a'))).rejects.toMatchObject({
      code: 'audio-unsupported',
      message: expect.stringContaining('MP4 with AAC'),
    });
  });

  test('a file that is not there, and a folder', async () => {
    await expect(decode(join(folder, 'none.wav'))).rejects.toMatchObject({ code: 'audio-missing' });
    await expect(decode(folder)).rejects.toMatchObject({ code: 'audio-unreadable' });
  });
});

test.skipIf(process.platform !== 'linux')('a listener who stops early leaves no file open', async () => {
  const path = join(SHIPPED, 'tones.flac');
  const openPaths = async () => {
    const links = await readdir('/proc/self/fd');
    return Promise.all(links.map((link) => readlink(join('/proc/self/fd', link)).catch(() => '')));
  };
  const frames = decodeAudioFile(path);
  await frames.next();
  expect(await openPaths()).toContain(path);
  await frames.return();
  expect(await openPaths()).not.toContain(path);
});
