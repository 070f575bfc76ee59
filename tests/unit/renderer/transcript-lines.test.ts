import { expect, test } from 'vitest';
import { type RoomLine, withLine } from '../../../src-renderer/rooms/transcript-lines.ts';

const line = (change: Partial<RoomLine>): RoomLine => ({
  id: 'a',
  identity: 'ada',
  name: 'Ada',
  text: '',
  final: false,
  typed: false,
  at: 1,
  stream: 1,
  ...change,
});
const told = (...news: Partial<RoomLine>[]) =>
  news.map(line).reduce<readonly RoomLine[]>((lines, one) => withLine(lines, one), []);

test('interim results take each other’s place in one line, which keeps its time', () => {
  const lines = told(
    { text: 'What', at: 5 },
    { text: 'What time', stream: 2, at: 6 },
    { text: 'What time?', stream: 3, final: true },
  );
  expect(lines).toEqual([line({ text: 'What time?', stream: 3, final: true, at: 5 })]);
});

test('a stream that ends late does not bring back what is outdated', () => {
  expect(told({ text: 'What time?', stream: 2, final: true }, { text: 'What', stream: 1 })[0]?.text).toBe('What time?');
});

test('a new stream does not blank the line before it has words', () => {
  expect(told({ text: 'What' }, { text: '', stream: 2 })[0]?.text).toBe('What');
});

test('two people may use the same segment', () => {
  expect(told({ text: 'Yes' }, { text: 'No', identity: 'grace' })).toHaveLength(2);
});

test('neither words nor lines grow without end', () => {
  expect(told({ text: 'x'.repeat(200_000) })[0]?.text).toHaveLength(100_000);
  const many = Array.from({ length: 1_200 }, (_, index) => ({ id: String(index), text: 'x' }));
  const lines = told(...many);
  expect(lines).toHaveLength(1_000);
  expect(lines.at(-1)?.id).toBe('1199');
});
