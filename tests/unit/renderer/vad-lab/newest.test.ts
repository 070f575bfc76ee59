import { expect, test } from 'vitest';
import { newestOnly } from '../../../../src-renderer/vad-lab/newest.ts';

test('while one request is under way, only the newest of the others is kept', async () => {
  const asked: number[] = [];
  const answers: (() => void)[] = [];
  const ask = newestOnly<number>((value) => {
    asked.push(value);
    return new Promise((resolve) => answers.push(resolve));
  });
  for (const value of [1, 2, 3, 4]) ask(value);
  expect(asked).toEqual([1]);
  answers[0]?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(asked).toEqual([1, 4]);
  answers[1]?.();
  await Promise.resolve();
  await Promise.resolve();
  ask(5);
  expect(asked).toEqual([1, 4, 5]);
});
