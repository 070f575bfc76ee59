import { expect, it } from 'vitest';
import { piecesOf } from '../../../src-renderer/history/pieces.ts';

it('cuts a body where its pieces came, also within a character', () => {
  const text = 'data: 收音机\n\n';
  const chunks = [
    { offset: 0, atMs: 5 },
    { offset: 7, atMs: 8 },
    { offset: 9, atMs: 9 },
  ];
  const pieces = piecesOf(text, chunks);
  expect(pieces.map(({ atMs }) => atMs)).toEqual([5, 8, 9]);
  expect(pieces.map((piece) => piece.text)).toEqual(['data: ', '收', '音机\n\n']);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
});
