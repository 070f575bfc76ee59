import { expect, it } from 'vitest';
import { PlayedPosition } from '../../../src-main/conversation/played-position.ts';

it('is the listener’s own where nothing changes the length', () => {
  const position = new PlayedPosition();
  for (const samples of [480, 960, 2_400]) position.mark(samples, samples);
  expect([0, 1, 480, 700, 2_400, 9_000].map((played) => position.at(played))).toEqual([0, 1, 480, 700, 2_400, 2_400]);
});

it('is an even share between two marks, also where the pace changes', () => {
  const position = new PlayedPosition();
  position.mark(100, 200);
  position.mark(300, 300);
  expect([50, 100, 200, 300].map((played) => position.at(played))).toEqual([100, 200, 250, 300]);
});

it('knows nothing before any sound', () => {
  expect(new PlayedPosition().at(100)).toBe(0);
});
