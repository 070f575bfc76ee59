import { expect, test } from 'vitest';
import { labelHit } from '../../../../src-renderer/vad-lab/hit.ts';

const LABELS = [
  { startMs: 1_000, endMs: 2_000, text: '' },
  { startMs: 2_000, endMs: 3_000, text: '' },
];
const AXIS = { startMs: 0, msPerPixel: 10 };
const at = (x: number) => labelHit(LABELS, AXIS, x);

test('an edge is taken hold of from both sides, a label in its middle, free room elsewhere', () => {
  expect(at(96)).toEqual({ type: 'edge', index: 0, edge: 'start' });
  expect(at(104)).toEqual({ type: 'edge', index: 0, edge: 'start' });
  expect(at(150)).toEqual({ type: 'label', index: 0 });
  expect(at(304)).toEqual({ type: 'edge', index: 1, edge: 'end' });
  expect(at(50)).toEqual({ type: 'free' });
  expect(at(400)).toEqual({ type: 'free' });
});

test('where two labels meet, the edge on the side of the pointer', () => {
  expect(at(198)).toEqual({ type: 'edge', index: 0, edge: 'end' });
  expect(at(202)).toEqual({ type: 'edge', index: 1, edge: 'start' });
});
