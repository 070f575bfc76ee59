import { expect, it } from 'vitest';
import { agentWordTimes, userWordTimes } from '../../../src-main/audit/reading/word-times.ts';

const RATE = 24_000;
const second = (count: number) => count * RATE;
const segment = (from: number, to: number) => ({ startSample: second(from), endSample: second(to) });

/** What a click on each word would play. */
function told(text: string, times: ReturnType<typeof userWordTimes>): [string, number, number][] {
  return times.map(({ from, to, startMs, endMs }) => [text.slice(from, to), Math.round(startMs), Math.round(endMs)]);
}

it('spreads what was said over the speech that was found, and over no silence', () => {
  const text = 'abcd efghi';
  expect(told(text, userWordTimes(text, [segment(1, 2), segment(5, 6)], second(7)))).toEqual([
    ['abcd', 1_000, 1_800],
    ['efghi', 5_000, 6_000],
  ]);
  expect(told(text, userWordTimes(text, [], second(1)))).toEqual([
    ['abcd', 0, 400],
    ['efghi', 500, 1_000],
  ]);
  expect(userWordTimes(text, [segment(0, 1)], 0)).toEqual([]);
});

it('tells words apart where there are no spaces', () => {
  const text = '今天天气很好。';
  const words = told(text, userWordTimes(text, [segment(0, 7)], second(7)));
  expect(words.map(([word]) => word).join('')).toBe('今天天气很好');
  expect(words.length).toBeGreaterThan(2);
  expect(words.at(-1)?.[2]).toBe(6_000);
});

it('begins each piece of the reply where its sound begins', () => {
  const text = 'One two. Three four.';
  const marks = [
    { sample: 0, text: 'One two. ' },
    { sample: second(3), text: 'Three four.' },
  ];
  const words = told(text, agentWordTimes(text, marks, second(5)));
  expect(words.map(([word]) => word)).toEqual(['One', 'two', 'Three', 'four']);
  expect(words[0]?.[1]).toBe(0);
  expect(words[1]?.[2]).toBeLessThanOrEqual(3_000);
  expect(words[2]?.[1]).toBe(3_000);
  expect(words[3]?.[2]).toBeLessThanOrEqual(5_000);
});

it('keeps to the words shown where others were spoken', () => {
  const text = 'Shown first. Shown last.';
  const marks = [
    { sample: 0, text: 'Shown first.' },
    { sample: second(1), text: 'Never shown.' },
    { sample: second(2), text: 'Shown last.' },
  ];
  const words = agentWordTimes(text, marks, second(4));
  expect(words.map(({ from, to }) => text.slice(from, to))).toEqual(['Shown', 'first', 'Shown', 'last']);
  expect(words[2]?.startMs).toBe(2_000);
  expect(agentWordTimes(text, [], second(4))).toEqual([]);
});
