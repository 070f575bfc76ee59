/** Separates what a model thinks, between `<think>` and `</think>`, from what it says, however the stream is cut. */

const OPEN = '<think>';
const CLOSE = '</think>';

export interface Separation {
  /** @returns what is certainly said */
  push(text: string): string;
  /** @returns what was held back because it could have become a tag */
  end(): string;
  readonly thought: string;
}

export function separateThinking(): Separation {
  let held = '';
  let thinking = false;
  let thought = '';

  function take(length: number): string {
    const part = held.slice(0, length);
    held = held.slice(length);
    if (!thinking) return part;
    thought += part;
    return '';
  }

  return {
    push(text) {
      held += text;
      let said = '';
      while (true) {
        const tag = thinking ? CLOSE : OPEN;
        const at = held.indexOf(tag);
        if (at === -1) return said + take(held.length - possibleStart(held, tag));
        said += take(at);
        held = held.slice(tag.length);
        thinking = !thinking;
      }
    },
    end: () => take(held.length),
    get thought() {
      return thought.trim();
    },
  };
}

/** How many characters at the end of `text` could be the beginning of `tag`. */
function possibleStart(text: string, tag: string): number {
  let length = Math.min(text.length, tag.length - 1);
  while (length > 0 && !text.endsWith(tag.slice(0, length))) length--;
  return length;
}
