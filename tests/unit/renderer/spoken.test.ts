import { expect, test } from 'vitest';
import { letterCount, neighbour, wordAt, wordOfLetter } from '../../../src-renderer/history/spoken.ts';

const TEXT = 'It rains.  Take a\ncoat.';
const WORDS = [
  { from: 0, to: 2, startMs: 100, endMs: 300 },
  { from: 3, to: 9, startMs: 300, endMs: 900 },
  { from: 11, to: 15, startMs: 1_500, endMs: 1_800 },
  { from: 16, to: 17, startMs: 1_800, endMs: 1_900 },
  { from: 18, to: 23, startMs: 1_900, endMs: 2_400 },
];

test('the word that is heard stays until the next begins', () => {
  expect(wordAt(WORDS, 50)).toBeNull();
  expect(wordAt(WORDS, 100)).toBe(WORDS[0]);
  expect(wordAt(WORDS, 1_200)).toBe(WORDS[1]);
  expect(wordAt(WORDS, 9_999)).toBe(WORDS[4]);
  expect(wordAt([], 100)).toBeNull();
});

test('a letter leads to its word, however the page breaks and trims the text', () => {
  const place = (word: string) => letterCount(TEXT.slice(0, TEXT.indexOf(word)));
  expect(place('Take')).toBe(8);
  expect(wordOfLetter(TEXT, WORDS, 0)).toBe(WORDS[0]);
  expect(wordOfLetter(TEXT, WORDS, place('rains') + 3)).toBe(WORDS[1]);
  expect(wordOfLetter(TEXT, WORDS, place('Take'))).toBe(WORDS[2]);
  expect(wordOfLetter(TEXT, WORDS, place('coat') + 4)).toBe(WORDS[4]);
  expect(wordOfLetter(TEXT, WORDS, 999)).toBe(WORDS[4]);
  expect(wordOfLetter(TEXT, [], 0)).toBeNull();
});

test('from word to word: back leads to the start of this one first', () => {
  expect(neighbour(WORDS, 0, 1)).toBe(100);
  expect(neighbour(WORDS, 100, 1)).toBe(300);
  expect(neighbour(WORDS, 900, -1)).toBe(300);
  expect(neighbour(WORDS, 400, -1)).toBe(100);
  expect(neighbour(WORDS, 100, -1)).toBeNull();
  expect(neighbour(WORDS, 2_000, 1)).toBeNull();
});
