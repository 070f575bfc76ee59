import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeardText } from '../../../src-main/conversation/heard-text.ts';

function spoken(...pieces: [text: string, samples: number][]): HeardText {
  const heard = new HeardText();
  for (const [text, samples] of pieces) heard.add(samples, text);
  heard.end();
  return heard;
}

describe('what was heard', () => {
  it('is nothing before the first sample and everything at the last', () => {
    const reply = spoken(['Hello there. ', 24_000], ['How are you?', 12_000]);
    expect(reply.heardBy(0)).toBe('');
    expect(reply.heardBy(36_000)).toBe('Hello there. How are you?');
  });

  it('is cut between words', () => {
    const reply = spoken(['One two three four', 18_000]);
    expect(reply.heardBy(8_000)).toBe('One two');
    expect(reply.heardBy(1_000)).toBe('');
  });

  it('is cut between characters where a script has no spaces', () => {
    expect(spoken(['今天天气很好。', 7_000]).heardBy(3_000)).toBe('今天天');
  });

  it('does not run ahead while the sound of a piece is still being made', () => {
    const reply = new HeardText();
    reply.add(480, 'A sentence that takes well over a second to say aloud.');
    expect(reply.heardBy(480)).toBe('');
  });

  it('only ever grows, as a prefix of the text', () => {
    const piece = fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.integer({ min: 1, max: 50_000 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.array(fc.nat(300_000)), (pieces, positions) => {
        const reply = spoken(...pieces);
        let before = '';
        for (const position of positions.sort((a, b) => a - b)) {
          const heard = reply.heardBy(position);
          expect(reply.text.startsWith(heard)).toBe(true);
          expect(heard.length).toBeGreaterThanOrEqual(before.length);
          before = heard;
        }
      }),
    );
  });
});
