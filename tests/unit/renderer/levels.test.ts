import { expect, it } from 'vitest';
import { Levels, meterHeight } from '../../../src-renderer/audio/levels.ts';

it('keeps the last 512 peaks and gives nothing for the others', () => {
  const levels = new Levels();
  for (let i = 0; i < 600; i++) levels.push(i);
  expect([levels.at(599), levels.at(88), levels.at(87), levels.at(600), levels.at(-1)]).toEqual([599, 88, 0, 0, 0]);
});

it('shows a peak on a scale of decibels', () => {
  expect(meterHeight(0)).toBe(0);
  expect(meterHeight(0.001)).toBe(0);
  expect(meterHeight(1)).toBe(1);
  expect(meterHeight(0.1)).toBeCloseTo(0.4, 2);
});
