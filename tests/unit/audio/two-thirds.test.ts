import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TwoThirds } from '../../../src-main/audio/two-thirds.ts';

const AMPLITUDE = 0.5;

function tone(frequency: number, sampleRate: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => AMPLITUDE * Math.sin((2 * Math.PI * frequency * i) / sampleRate));
}

function convert(samples: Int16Array, lengths: readonly number[] = [samples.length]): number[] {
  const converter = new TwoThirds();
  const output: number[] = [];
  for (let i = 0, piece = 0; i < samples.length; piece++) {
    const length = lengths[piece % lengths.length] as number;
    output.push(...converter.push(samples.subarray(i, i + length)));
    i += length;
  }
  return [...output, ...converter.flush()];
}

/** Power of what is there besides `ideal`, below that of a tone. */
function errorDb(actual: readonly number[], ideal: Float64Array): number {
  let noise = 0;
  for (let i = 100; i < actual.length - 100; i++) noise += ((actual[i] as number) - (ideal[i] as number)) ** 2;
  return 10 * Math.log10(noise / (actual.length - 200) / (AMPLITUDE ** 2 / 2));
}

const toInt16 = (samples: Float64Array) => Int16Array.from(samples, (value) => Math.round(value * 32_768));

test.each([100, 1_000, 3_000, 5_000, 5_800])('keeps a tone of %i Hz where it was', (frequency) => {
  const output = convert(toInt16(tone(frequency, 24_000, 24_000)));
  expect(errorDb(output, tone(frequency, 16_000, 16_000))).toBeLessThan(-55);
});

test.each([10_000, 11_000, 11_900])(
  'keeps a tone of %i Hz out, which would fold back among the voices',
  (frequency) => {
    const output = convert(toInt16(tone(frequency, 24_000, 24_000)));
    expect(errorDb(output, new Float64Array(16_000))).toBeLessThan(-55);
  },
);

test('is the same however the signal is cut, and two thirds as long', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 3_000 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
      (values, lengths) => {
        const samples = Int16Array.from(values);
        const whole = convert(samples);
        expect(convert(samples, lengths)).toEqual(whole);
        expect(whole.length).toBe(Math.round((values.length * 2) / 3));
      },
    ),
  );
});
