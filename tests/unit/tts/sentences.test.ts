import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../../src-main/speech/tts/sentences.ts';

/** @param step how many characters come at a time; 4 is about a token. */
function split(text: string, { step = 4, maxCharacters = 4_096 } = {}): string[] {
  const splitter = splitSentences(maxCharacters);
  const pieces: string[] = [];
  for (let i = 0; i < text.length; i += step) pieces.push(...splitter.push(text.slice(i, i + step)));
  return [...pieces, ...splitter.end()];
}

describe('splitting a reply into pieces to speak', () => {
  it('loses nothing, whatever the text and however it arrives', () => {
    const marks = fc.constantFrom(
      '. ',
      '.',
      '! ',
      '?" ',
      '… ',
      ', ',
      ': ',
      ' - ',
      '\n',
      '1. ',
      '。',
      '，',
      ' ',
      'Dr. ',
      '👩‍🚀',
    );
    const words = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      marks,
      fc.constantFrom('word', 'The', '天气'),
    );
    const text = fc.array(words, { maxLength: 60 }).map((list) => list.join(''));
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 2, max: 80 }),
        (whole, step, maxCharacters) => {
          const pieces = split(whole, { step, maxCharacters });
          expect(pieces.join('')).toBe(whole);
          expect(pieces.every((piece) => piece.length > 0 && piece.length <= maxCharacters)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      'the first clause, then sentences',
      'Well, the sun is high, and it is warm. Go out, if you like.',
      ['Well, the sun is high, ', 'and it is warm. ', 'Go out, if you like.'],
    ],
    [
      'enough words without a mark',
      'this is a first sentence that has no mark in it at all and goes on',
      ['this is a first sentence that has no mark in it at ', 'all and goes on'],
    ],
    ['a short sentence at once', 'Yes. It is noon.', ['Yes. ', 'It is noon.']],
    [
      'abbreviations and initials',
      'It was J. S. Bach, said Dr. Who, i.e. the U.S. Army did. Or No. 5, at 5 a.m. Nobody knew.',
      ['It was J. S. Bach, ', 'said Dr. Who, i.e. the U.S. Army did. ', 'Or No. 5, at 5 a.m. ', 'Nobody knew.'],
    ],
    ['"No." is an answer', 'No. I am not.', ['No. ', 'I am not.']],
    [
      'numbers, times and addresses',
      'It costs 1,234.50 at 12:30 on https://a.example/b.c?d=e:f, or not. Ask me.',
      ['It costs 1,234.50 at 12:30 on https://a.example/b.c?d=e:f, ', 'or not. ', 'Ask me.'],
    ],
    ['ellipses', 'Wait... what is it? So… Now you know.', ['Wait... what is it? ', 'So… ', 'Now you know.']],
    ['quotations', '"Really?" he asked. "Yes!" She laughed.', ['"Really?" he asked. ', '"Yes!" ', 'She laughed.']],
    [
      'lines and lists',
      'Do this:\n1. Press it.\n2. Speak\n\n- Let go',
      ['Do this:\n', '1. Press it.\n', '2. Speak\n', '\n- Let go'],
    ],
    [
      'Chinese and Japanese',
      '今天天气很好，我们去公园吧。好吗？「走吧！」他说。',
      ['今天天气很好，', '我们去公园吧。', '好吗？', '「走吧！」', '他说。'],
    ],
    ['punctuation goes with the words after it', '… — Hello there. ?!', ['… — Hello there. ', '?!']],
  ])('%s', (_, text, pieces) => {
    expect(split(text)).toEqual(pieces);
  });

  it('gives a sentence away as soon as the next one begins', () => {
    const splitter = splitSentences(4_096);
    expect(splitter.push('It is noon.')).toEqual([]);
    expect(splitter.push(' T')).toEqual(['It is noon. ']);
    expect(splitter.push('he sun is high.\n')).toEqual(['The sun is high.\n']);
  });

  it('breaks what is too long for one request where it hurts least', () => {
    const maxCharacters = 40;
    const long = `First. A clause, ${'a clause of some length, '.repeat(3)}${'word '.repeat(12)}${'x'.repeat(50)}`;
    expect(split(long, { maxCharacters })).toEqual([
      'First. ',
      'A clause, a clause of some length, ',
      'a clause of some length, ',
      'a clause of some length, ',
      'word word word word word word word word ',
      'word word word word ',
      `${'x'.repeat(40)}`,
      'x'.repeat(10),
    ]);
  });
});
