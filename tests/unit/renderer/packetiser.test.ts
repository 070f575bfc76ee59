import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Packetiser } from '../../../src-renderer/audio/packetiser.ts';

function run(signal: Float32Array, quantum = 128) {
  const frames: { samples: number[]; sequence: number }[] = [];
  const packetiser = new Packetiser((samples, sequence) => frames.push({ samples: [...samples], sequence }));
  for (let at = 0; at < signal.length; at += quantum) packetiser.push(signal.subarray(at, at + quantum));
  packetiser.flush();
  return frames;
}

describe('Packetiser', () => {
  it('keeps every sample, in frames of 20 ms numbered from 0, the last one short', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 3_000 }), (int16) => {
        const signal = Float32Array.from([1, ...int16], (value) => value / 32_768);
        signal[0] = 0.5;
        const frames = run(signal);
        expect(frames.flatMap((frame) => frame.samples)).toEqual([16_384, ...int16]);
        expect(frames.map((frame) => frame.sequence)).toEqual(frames.map((_, index) => index));
        expect(frames.slice(0, -1).every((frame) => frame.samples.length === 480)).toBe(true);
      }),
    );
  });

  it('clamps what is too loud instead of wrapping round', () => {
    expect(run(Float32Array.of(1.5, -1.5, 1))[0]?.samples).toEqual([32_767, -32_768, 32_767]);
  });

  it('leaves out the digital silence of a microphone that is not awake yet, and nothing after', () => {
    const signal = new Float32Array(128 * 20);
    signal[128 * 4 + 7] = 0.25;
    const samples = run(signal).flatMap((frame) => frame.samples);
    expect(samples.length).toBe(128 * 16);
    expect(samples[7]).toBe(8_192);
  });

  it('takes silence for what it is after 200 ms: a muted microphone is live too', () => {
    const silence = new Float32Array(24_000);
    const samples = run(silence).flatMap((frame) => frame.samples);
    expect(samples.length).toBeGreaterThanOrEqual(24_000 - 4_800 - 128);
    expect(samples.length).toBeLessThan(24_000);
  });
});
