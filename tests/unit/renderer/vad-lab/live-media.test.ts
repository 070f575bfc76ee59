import { expect, test } from 'vitest';
import { LiveMedia } from '../../../../src-renderer/vad-lab/live-media.ts';

test('a recording grows window by window, past what there was room for', () => {
  const media = new LiveMedia(16_000);
  for (let window = 0; window < 3_000; window += 2) {
    media.append({
      firstWindow: window,
      probabilities: [window / 4_000, 0.5],
      lowest: [-window, -1],
      highest: [window, 1],
    });
  }
  const { durationMs, levels, probabilities } = media.now;
  expect(durationMs).toBe(96_000);
  expect(probabilities).toHaveLength(3_000);
  expect(probabilities[2_000]).toBe(0.5);
  expect([...(levels[0]?.extremes.subarray(4_000, 4_004) ?? [])]).toEqual([-2_000, 2_000, -1, 1]);
  expect(levels[0]?.samplesPerPeak).toBe(512);
});
