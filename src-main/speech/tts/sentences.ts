/**
 * Splits a text that is still being written into pieces to speak: the first clause as early as it sounds natural, then
 * whole sentences. Where in doubt it does not split: a longer piece costs a moment, a wrong pause is heard.
 */
import { hasSound } from './spoken-text.ts';

export interface SentenceSplitter {
  /** @returns the pieces that are certain now. */
  push(text: string): string[];
  /** @returns what was held back. */
  end(): string[];
}

const TERMINATOR = /[.!?…。！？｡]/u;
const CLOSER = /["'”’»)\]}」』）】]/u;
const CLAUSE_MARK = /[,;:—，、；：]/u;
const EAST_ASIAN_MARK = /[。！？｡，、；：]/u;
/** A clause of fewer characters would be spoken before the next piece is ready. */
const SHORTEST_FIRST_CLAUSE = 12;
const SHORTEST_EAST_ASIAN_CLAUSE = 5;
/** A first piece without any mark ends after so many words. */
const LONGEST_FIRST_WORDS = 12;

/** Never the end of a sentence. */
const TITLES = new Set('mr mrs ms dr prof st mt gen sen rep capt lt sgt e.g i.e cf vs z.b d.h bzw ca'.split(' '));
/** Not the end of a sentence before a number. */
const NUMBERED = new Set('no nr fig vol ch sec p pp approx'.split(' '));

/**
 * @param maxCharacters the longest piece, in UTF-16 units; at least 2.
 * @param clauseFirst whether the first piece may be a clause alone
 */
export function splitSentences(maxCharacters: number, clauseFirst = true): SentenceSplitter {
  let held = '';
  let first = clauseFirst;

  function take(length: number): string {
    const piece = held.slice(0, length);
    held = held.slice(length);
    first = false;
    return piece;
  }

  return {
    push(text) {
      held += text;
      const pieces: string[] = [];
      while (true) {
        const end = findEnd(held, first);
        if (end !== null && end <= maxCharacters) pieces.push(take(end));
        else if (held.length > maxCharacters) pieces.push(take(emergencyEnd(held, maxCharacters)));
        else return pieces;
      }
    },
    end: () => (held === '' ? [] : [take(held.length)]),
  };
}

/** Where the first certain piece of `text` ends; null while that is not known. */
function findEnd(text: string, first: boolean): number | null {
  let spoken = false;
  for (let i = 0; i < text.length; i++) {
    const mark = text.charAt(i);
    if (!spoken) {
      spoken = hasSound(String.fromCodePoint(text.codePointAt(i) ?? 0));
      continue;
    }
    if (mark === '\n') return i + 1;
    const end = TERMINATOR.test(mark) ? sentenceEnd(text, i) : first ? clauseEnd(text, i) : null;
    if (end !== null) return end;
  }
  return first ? wordsEnd(text) : null;
}

/** Where the sentence that may end with the terminator at `at` ends, the blanks after it included. */
function sentenceEnd(text: string, at: number): number | null {
  let end = at + 1;
  while (end < text.length && (TERMINATOR.test(text.charAt(end)) || CLOSER.test(text.charAt(end)))) end++;
  if (end === text.length) return null;
  if (EAST_ASIAN_MARK.test(text.slice(at, end))) return end;
  if (!/\s/.test(text.charAt(end))) return null;
  const next = text.slice(end).search(/\S/);
  if (next === -1) return text.slice(end).includes('\n') ? endOfLine(text, end) : null;
  if (/\p{Ll}/u.test(text.charAt(end + next))) return null;
  if (text.charAt(at) === '.' && isShorthand(text.slice(0, at), text.charAt(end + next))) return null;
  return end + next;
}

function endOfLine(text: string, from: number): number {
  return text.indexOf('\n', from) + 1;
}

/** Whether a full stop after `before` belongs to the word: an abbreviation, an initial, the number of a list item. */
function isShorthand(before: string, next: string): boolean {
  const word = /[\p{L}\p{N}.]+$/u.exec(before)?.[0] ?? '';
  if (/^\d+$/.test(word)) return before.slice(0, -word.length).trimEnd() === '';
  const plain = word.toLowerCase();
  return TITLES.has(plain) || (NUMBERED.has(plain) && /\d/.test(next)) || /^(\p{L}\.)*\p{Lu}$/u.test(word);
}

/** Where the clause that may end with the mark at `at` ends. */
function clauseEnd(text: string, at: number): number | null {
  const mark = text.charAt(at);
  if (EAST_ASIAN_MARK.test(mark)) return at + 1 >= SHORTEST_EAST_ASIAN_CLAUSE ? at + 1 : null;
  const dash = (mark === '–' || mark === '-') && text.charAt(at - 1) === ' ';
  if (!dash && !CLAUSE_MARK.test(mark)) return null;
  if (at + 1 < SHORTEST_FIRST_CLAUSE || at + 1 === text.length) return null;
  if (mark === '—') return at + 1;
  return text.charAt(at + 1) === ' ' ? at + 2 : null;
}

const words = new Intl.Segmenter(undefined, { granularity: 'word' });
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Where the first words end, when there are enough of them and the next one has begun. */
function wordsEnd(text: string): number | null {
  if (text.length < LONGEST_FIRST_WORDS * 2) return null;
  let count = 0;
  for (const { isWordLike, index } of words.segment(text)) {
    if (isWordLike && ++count > LONGEST_FIRST_WORDS) return index;
  }
  return null;
}

/** The best place to break a text that is too long for one request: a clause, else a word, else a character. */
function emergencyEnd(text: string, limit: number): number {
  const room = text.slice(0, limit);
  const clause = Math.max(...[', ', '; ', ': ', '，', '、', '；'].map((mark) => room.lastIndexOf(mark) + mark.length));
  if (clause > limit / 3) return clause;
  const space = room.search(/\s\S*$/u) + 1;
  if (space > limit / 3) return space;
  const last = graphemes.segment(text).containing(limit)?.index ?? limit;
  if (last > 0) return last;
  return /[\uD800-\uDBFF]$/.test(room) && limit > 1 ? limit - 1 : limit;
}
