/** Marks the word that is heard, in the script, without touching what React keeps there. */
import { type RefObject, useEffect } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import type { SoundView } from '../../src-preload/inspection.ts';
import { rangeOf } from './said-words.ts';
import { letterCount, saidIn, wordAt } from './spoken.ts';
import type { Player } from './use-player.ts';

/** As session-turn.css has it. */
const HIGHLIGHT = 'spoken-word';

interface Spoken {
  readonly script: RefObject<HTMLElement | null>;
  readonly player: Player;
  /** The turn that is played, and when its words are heard; null until that is known. */
  readonly turn: TurnView | null;
  readonly words: SoundView['words'] | null;
}

export function useSpokenWord({ script, player: { audio, current, playing }, turn, words }: Spoken): void {
  useEffect(() => {
    const element = audio.current;
    if (!element || !current || !turn || !words) return;
    let frame = 0;
    let shown: unknown = null;
    const show = () => {
      const word = wordAt(words[current.track], element.currentTime * 1000);
      if (word === shown) return;
      shown = word;
      CSS.highlights.delete(HIGHLIGHT);
      if (!word || !script.current) return;
      const said = saidIn(turn, current.track);
      const place = { turnId: current.turnId, track: current.track, letter: letterCount(said.slice(0, word.from)) };
      const range = rangeOf(script.current, place, letterCount(said.slice(word.from, word.to)));
      if (range) CSS.highlights.set(HIGHLIGHT, new Highlight(range));
    };
    const follow = () => {
      show();
      if (playing) frame = requestAnimationFrame(follow);
    };
    follow();
    element.addEventListener('seeked', show);
    return () => {
      element.removeEventListener('seeked', show);
      cancelAnimationFrame(frame);
      CSS.highlights.delete(HIGHLIGHT);
    };
  }, [audio, current, playing, script, turn, words]);
}
