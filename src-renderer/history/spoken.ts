/**
 * Which word of a text a recording has when. Places in a text are counted in letters, that is all but spaces: what is
 * shown of it is trimmed, and broken where it stopped being heard.
 */
import type { TurnView } from '../../src-preload/contract.ts';
import type { WordTimes } from '../../src-preload/inspection.ts';
import type { Track } from '../../src-preload/recording-path.ts';

type WordTime = WordTimes[number];

export function saidIn({ reply, user }: TurnView, track: Track): string {
  return track === 'user' ? user.committed : reply.text;
}

export function letterCount(text: string): number {
  return text.replace(/\s+/g, '').length;
}

/** A player stands a little beside where it was sent. */
const NEAR_MS = 30;

/** @returns the word that is heard then, or was heard last; null before the first */
export function wordAt(words: WordTimes, ms: number): WordTime | null {
  return words.findLast(({ startMs }) => startMs <= ms + NEAR_MS) ?? null;
}

/** @returns the word that holds this letter, or the last one before it; null where nothing is known */
export function wordOfLetter(text: string, words: WordTimes, letter: number): WordTime | null {
  return words.findLast(({ from }) => letterCount(text.slice(0, from)) <= letter) ?? words[0] ?? null;
}

/** How far a word must have come for the way back to lead to its own start. */
const BEGUN_MS = 200;

/** @returns when the next word begins, or the one before; null when there is none */
export function neighbour(words: WordTimes, ms: number, step: 1 | -1): number | null {
  const found =
    step > 0
      ? words.find(({ startMs }) => startMs > ms + NEAR_MS)
      : words.findLast(({ startMs }) => startMs < ms - BEGUN_MS);
  return found?.startMs ?? null;
}
