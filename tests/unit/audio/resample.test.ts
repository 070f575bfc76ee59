import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { createResampler } from '../../../src-main/audio/resample.ts';

const AMPLITUDE = 16_000;

function tone(frequency: number, sampleRate: number, length: number): Int16Array {
  return Int16Array.from({ length }, (_, i) =>
    Math.round(AMPLITUDE * Math.sin((2 * Math.PI * frequency * i) / sampleRate)),
  );
}

function resample(samples: Int16Array, fromRate: number, toRate: number, chunk = samples.length): Int16Array {
  const resampler = createResampler(fromRate, toRate);
  const pieces: Int16Array[] = [];
  for (let i = 0; i < samples.length; i += chunk) pieces.push(resampler.push(samples.subarray(i, i + chunk)));
  return concatSamples([...pieces, resampler.flush()]);
}

/** Against the ideal tone at the new rate, in place: a shift in time counts as noise. */
function signalToNoiseDb(actual: Int16Array, frequency: number, sampleRate: number): number {
  const ideal = tone(frequency, sampleRate, actual.length);
  let signal = 0;
  let noise = 0;
  for (let i = 100; i < actual.length - 100; i++) {
    signal += (ideal[i] as number) ** 2;
    noise += ((actual[i] as number) - (ideal[i] as number)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

const PAIRS = [
  [24_000, 16_000],
  [16_000, 24_000],
  [8_000, 24_000],
  [22_050, 24_000],
  [44_100, 24_000],
  [48_000, 24_000],
  [96_000, 24_000],
  [24_000, 48_000],
  [44_101, 24_000],
] as const;

describe.each(PAIRS)('%i Hz to %i Hz', (fromRate, toRate) => {
  const frequency = 0.3 * Math.min(fromRate, toRate);
  const signal = tone(frequency, fromRate, fromRate);

  test('keeps a tone where it was, 70 dB above the error', () => {
    expect(signalToNoiseDb(resample(signal, fromRate, toRate), frequency, toRate)).toBeGreaterThan(70);
  });

  test('is the same in 20 ms frames as in one piece: no joints', () => {
    const whole = resample(signal, fromRate, toRate);
    expect(resample(signal, fromRate, toRate, Math.round(fromRate / 50))).toEqual(whole);
  });

  test('keeps the duration to the sample', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 999 }), (length, chunk) => {
        const output = resample(new Int16Array(length), fromRate, toRate, chunk);
        expect(output.length).toBe(Math.round((length * toRate) / fromRate));
      }),
      { numRuns: 30 },
    );
  });
});

test('what the lower rate cannot hold is silenced, not folded back', () => {
  const folded = resample(tone(10_000, 24_000, 24_000), 24_000, 16_000).subarray(100, -100);
  const loudest = folded.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  expect(loudest).toBeLessThan(AMPLITUDE / 3_000);
});

test('full scale is clamped, never wrapped', () => {
  const square = Int16Array.from({ length: 2_400 }, (_, i) => (i % 240 < 120 ? 32_767 : -32_768));
  const output = resample(square, 24_000, 16_000);
  for (let i = 20; i < 60; i++) expect(output[i]).toBeGreaterThan(30_000);
});

test('equal rates pass samples through as copies', () => {
  const input = Int16Array.of(1, 2, 3);
  const output = createResampler(16_000, 16_000).push(input);
  input.fill(9);
  expect(output).toEqual(Int16Array.of(1, 2, 3));
});

test('live, no more than 2 ms stays behind', () => {
  const resampler = createResampler(24_000, 16_000);
  expect(resampler.push(new Int16Array(480)).length).toBeGreaterThan(320 - 32);
});
