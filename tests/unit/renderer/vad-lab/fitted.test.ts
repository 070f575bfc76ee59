import { describe, expect, it } from 'vitest';
import { fitted } from '../../../../src-renderer/vad-lab/drawing/fitted.ts';

/** Every letter is as wide as the others. */
const ruler = { measureText: (text: string) => ({ width: [...text].length * 10 }) };

describe('the text of a label', () => {
  it.each([
    ['speech', 60, 'speech'],
    ['speech', 59, 'spee…'],
    ['hold the key', 60, 'hold…'],
    ['speech', 20, 's…'],
    ['speech', 10, ''],
    ['speech', -5, ''],
    ['', 100, ''],
    ['👍👍👍👍', 30, '👍👍…'],
  ])('%s in %i px reads %s', (text, room, shown) => expect(fitted(ruler, text, room)).toBe(shown));
});
