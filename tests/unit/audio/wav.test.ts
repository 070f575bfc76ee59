import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodePcm, encodeWav, encodeWavHeader, readWavHeader, repairWav } from '../../../src-main/audio/wav.ts';

const signal = Int16Array.from({ length: 1000 }, (_, i) => Math.round(8000 * Math.sin(i / 7)));

function samplesOf(file: Uint8Array, offset = 44): Int16Array {
  return new Int16Array(file.slice(offset).buffer);
}

describe('a whole file', () => {
  test('holds the samples it was given', () => {
    fc.assert(
      fc.property(fc.int16Array(), fc.integer({ min: 1, max: 192_000 }), (samples, sampleRate) => {
        const file = encodeWav(samples, sampleRate);
        expect(samplesOf(file)).toEqual(samples);
        expect(readWavHeader(file)).toEqual({
          format: 'pcm',
          sampleRate,
          channels: 1,
          bitsPerSample: 16,
          dataOffset: 44,
          dataBytes: samples.length === 0 ? null : samples.byteLength,
        });
      }),
    );
  });

  test('declares lengths that match its bytes', () => {
    const file = Buffer.from(encodeWav(signal, 24_000));
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(file.readUInt32LE(40)).toBe(file.length - 44);
    expect(file.readUInt32LE(28)).toBe(48_000);
  });

  test('takes a view into a larger buffer', () => {
    expect(samplesOf(encodeWav(signal.subarray(100, 200), 8000))).toEqual(signal.slice(100, 200));
  });
});

describe('reading a header', () => {
  test('gives null for the placeholder lengths of streamed files', () => {
    for (const placeholder of [0, 0x7fffffff, 0xffffffff]) {
      const file = Buffer.from(encodeWav(signal, 22_050));
      file.writeUInt32LE(placeholder, 40);
      expect(readWavHeader(file)).toMatchObject({ sampleRate: 22_050, dataBytes: null });
    }
  });

  test('skips the chunks before the sound, odd ones with their padding byte', () => {
    const file = Buffer.from(encodeWav(signal, 16_000));
    const note = Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1');
    const edited = Buffer.concat([file.subarray(0, 36), note, file.subarray(36)]);
    expect(readWavHeader(edited)).toMatchObject({ dataOffset: 44 + note.length, dataBytes: signal.byteLength });
  });

  test('sees through the extensible format', () => {
    const file = Buffer.from(encodeWav(signal, 48_000));
    const format = Buffer.alloc(48);
    format.write('fmt ', 0, 'latin1');
    format.writeUInt32LE(40, 4);
    file.copy(format, 8, 20, 36);
    format.writeUInt16LE(0xfffe, 8);
    format.writeUInt16LE(3, 32);
    const extensible = Buffer.concat([file.subarray(0, 12), format, file.subarray(36)]);
    expect(readWavHeader(extensible)).toMatchObject({ format: 'float', sampleRate: 48_000, dataOffset: 68 });
  });

  test('is null for anything else, and while the sound has not begun', () => {
    const file = encodeWav(signal, 16_000);
    for (const length of [0, 3, 11, 12, 20, 36, 43]) expect(readWavHeader(file.subarray(0, length))).toBeNull();
    expect(readWavHeader(file.subarray(0, 44))).not.toBeNull();
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readWavHeader(bytes)));
  });
});

describe('a file whose writer was cut off', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'squelch-wav-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('becomes the file that would have been closed, without its half sample', async () => {
    const path = join(folder, 'cut.wav');
    await writeFile(path, encodeWavHeader({ sampleRate: 24_000, channels: 1, dataBytes: null }));
    await appendFile(path, encodePcm(signal));
    await appendFile(path, Uint8Array.of(7));
    expect(await repairWav(path)).toBe(signal.length);
    expect(new Uint8Array(await readFile(path))).toEqual(encodeWav(signal, 24_000));
  });

  test('keeps whole frames only when it is stereo', async () => {
    const path = join(folder, 'stereo.wav');
    await writeFile(path, encodeWavHeader({ sampleRate: 24_000, channels: 2, dataBytes: null }));
    await appendFile(path, encodePcm(signal.subarray(0, 5)));
    expect(await repairWav(path)).toBe(2);
    expect(readWavHeader(await readFile(path))).toMatchObject({ channels: 2, dataBytes: 8 });
  });

  test('may be empty, and mending it twice changes nothing', async () => {
    const path = join(folder, 'empty.wav');
    await writeFile(path, encodeWavHeader({ sampleRate: 24_000, channels: 1, dataBytes: null }));
    expect(await repairWav(path)).toBe(0);
    const once = await readFile(path);
    expect(await repairWav(path)).toBe(0);
    expect(await readFile(path)).toEqual(once);
  });

  test('is refused, and not touched, when its header was never written', async () => {
    const path = join(folder, 'nothing.wav');
    await writeFile(path, 'RIFF');
    await expect(repairWav(path)).rejects.toMatchObject({ name: 'Fault', code: 'audio-not-wav' });
    expect(await readFile(path, 'utf8')).toBe('RIFF');
  });
});
