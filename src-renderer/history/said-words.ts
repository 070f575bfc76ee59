/** The words of the script as the page shows them: which was pointed at, and where one stands. */
import type { Track } from '../../src-preload/recording-path.ts';
import { letterCount } from './spoken.ts';

/** Letters of what was said in a turn, all but spaces, counted from its first. */
export interface SaidPlace {
  readonly turnId: string;
  readonly track: Track;
  readonly letter: number;
}

/** @returns null when no word was pointed at */
export function saidAt({
  clientX,
  clientY,
  target,
}: Pick<MouseEvent, 'clientX' | 'clientY' | 'target'>): SaidPlace | null {
  const said = target instanceof Element ? target.closest<HTMLElement>('[data-said]') : null;
  const turnId = said?.closest<HTMLElement>('[data-turn]')?.dataset.turn;
  const caret = document.caretPositionFromPoint(clientX, clientY);
  if (!said || !turnId || !caret) return null;
  let letter = 0;
  for (const node of textsOf(said)) {
    if (node === caret.offsetNode) {
      letter += letterCount(node.data.slice(0, caret.offset));
      return { turnId, track: said.dataset.said as Track, letter };
    }
    letter += letterCount(node.data);
  }
  return null;
}

/** @returns so many letters from that place on; null when they are not in the page */
export function rangeOf(script: Element, { letter, track, turnId }: SaidPlace, letters: number): Range | null {
  const said = script.querySelector(`[data-turn="${CSS.escape(turnId)}"] [data-said="${track}"]`);
  if (!said) return null;
  let before = 0;
  for (const node of textsOf(said)) {
    const own = letterCount(node.data);
    if (letter < before + own) {
      const range = document.createRange();
      range.setStart(node, offsetOf(node.data, letter - before));
      range.setEnd(node, offsetOf(node.data, Math.min(own, letter - before + letters) - 1) + 1);
      return range;
    }
    before += own;
  }
  return null;
}

/** Where the letter stands among the spaces. */
function offsetOf(text: string, letter: number): number {
  let left = letter;
  for (let offset = 0; offset < text.length; offset++) {
    if (/\s/.test(text.charAt(offset))) continue;
    if (left === 0) return offset;
    left -= 1;
  }
  return text.length;
}

/** The words themselves, without what is said about them. */
function textsOf(said: Element): Text[] {
  const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest('.direction') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  return texts;
}
