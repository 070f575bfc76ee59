/** The part of a text around what was looked for, on one line. */

export interface Snippet {
  readonly snippet: string;
  /** Where in `snippet` what was looked for stands: first character and the one after the last, in UTF-16 units. */
  readonly highlights: (readonly [start: number, end: number])[];
}

const BEFORE = 40;
const LENGTH = 120;

/** @param words in the order of the query; the first one found in `text` decides where the snippet begins */
export function snippetOf(text: string, words: readonly string[]): Snippet {
  const line = text.replace(/\s/g, ' ');
  const pattern = words.length === 0 ? null : new RegExp(words.map(escaped).join('|'), 'giu');
  const first = pattern ? Math.max(0, line.search(pattern)) : 0;
  const start = first <= BEFORE ? 0 : wholeCharacter(line, first - BEFORE);
  const end = wholeCharacter(line, Math.min(line.length, start + LENGTH));
  const head = start > 0 ? '…' : '';
  const snippet = `${head}${line.slice(start, end)}${end < line.length ? '…' : ''}`;
  const highlights = pattern
    ? [...snippet.matchAll(pattern)].map(({ 0: found, index }) => [index, index + found.length] as const)
    : [];
  return { snippet, highlights };
}

/** Steps back from the middle of a surrogate pair. */
function wholeCharacter(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index - 1 : index;
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, ' ');
}
