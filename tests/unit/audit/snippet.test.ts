import { expect, it } from 'vitest';
import { snippetOf } from '../../../src-main/audit/reading/snippet.ts';

it('shows a short text whole and marks every occurrence, whatever its case', () => {
  expect(snippetOf('On and on', ['on'])).toEqual({
    snippet: 'On and on',
    highlights: [
      [0, 2],
      [7, 9],
    ],
  });
});

it('cuts a long text around the first occurrence', () => {
  const { snippet, highlights } = snippetOf(`${'before '.repeat(30)}needle ${'after '.repeat(30)}`, ['needle']);
  expect(snippet).toMatch(/^….*before needle after .*…$/);
  expect(snippet.length).toBeLessThanOrEqual(122);
  expect(snippet.slice(...(highlights[0] as [number, number]))).toBe('needle');
});

it('takes words as they are, not as patterns', () => {
  expect(snippetOf('costs 1.5$ (or 125)', ['1.5$', '(or'])).toMatchObject({
    highlights: [
      [6, 10],
      [11, 14],
    ],
  });
});

it('halves no character and keeps to one line', () => {
  const { snippet } = snippetOf(`${'😀'.repeat(41)}x\ny ${'😀'.repeat(100)}`, ['y']);
  expect(snippet).not.toContain('\n');
  expect(snippet.isWellFormed()).toBe(true);
});
