import { expect, test } from 'vitest';
import { Spectrum } from '../../../../src-renderer/vad-lab/drawing/spectrum.ts';

test('a tone stands at its frequency, as loud as it is', () => {
  const samples = Int16Array.from({ length: 1_024 }, (_, i) => 16_384 * Math.sin((2 * Math.PI * 1_000 * i) / 16_000));
  const decibels = new Float32Array(256);
  new Spectrum(512).measure(samples, 100, decibels);
  const loudest = decibels.indexOf(Math.max(...decibels));
  expect(loudest).toBe(32);
  expect(decibels[32]).toBeCloseTo(-6, 0);
  expect(decibels[200]).toBeLessThan(-60);
});

test('it equals the transform by its definition', () => {
  const size = 32;
  const samples = Int16Array.from({ length: size }, (_, i) => ((i * 7_919) % 30_000) - 15_000);
  const decibels = new Float32Array(size / 2);
  new Spectrum(size).measure(samples, 0, decibels);
  for (const [k, found] of decibels.entries()) {
    let [re, im] = [0, 0];
    for (const [i, sample] of samples.entries()) {
      const weighted = (sample / 32_768) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
      re += weighted * Math.cos((2 * Math.PI * k * i) / size);
      im -= weighted * Math.sin((2 * Math.PI * k * i) / size);
    }
    expect(found).toBeCloseTo(10 * Math.log10((re ** 2 + im ** 2) / (size / 4) ** 2 + 1e-12), 2);
  }
});

test('beyond the ends there is silence', () => {
  const decibels = new Float32Array(16);
  new Spectrum(32).measure(new Int16Array(4), -100, decibels);
  expect(Math.max(...decibels)).toBeLessThan(-100);
});
