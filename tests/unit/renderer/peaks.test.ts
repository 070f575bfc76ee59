import { expect, test } from 'vitest';
import { encodeWav } from '../../../src-main/audio/wav.ts';
import { samplesOf } from '../../../src-renderer/audio/wav.ts';
import { peaksOf } from '../../../src-renderer/history/peaks.ts';

test('each part shows its loudest sample', () => {
  const samples = Int16Array.from([0, 100, -16_384, 5, 8_192, 1, -32_768, 0]);
  expect(peaksOf(samples, 4)).toEqual([100 / 32_768, 0.5, 0.25, 1]);
});

test('less sound than parts leaves the rest silent', () => {
  expect(peaksOf(Int16Array.from([16_384]), 3)).toEqual([0, 0, 0.5]);
  expect(peaksOf(new Int16Array(0), 2)).toEqual([0, 0]);
});

test('the samples of our own recordings are found', () => {
  const samples = Int16Array.from([1, -2, 3]);
  expect(samplesOf(new Uint8Array(encodeWav(samples, 24_000)).buffer)).toEqual(samples);
});

test('what is no WAV is refused', () => {
  expect(() => samplesOf(new ArrayBuffer(64))).toThrow('no WAV');
});
