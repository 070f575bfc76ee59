/**
 * Tells what a model thinks from what it says: models that run on one's own machine often think aloud, in `<think>`
 * before their answer, where the server does not know to put it elsewhere. Of some the prompt has opened the thought
 * already, so that only its end is written. Their answers are held until it comes, or nothing does; a model that turns
 * out to be one of them is known from then on, and what it thought meanwhile can not be taken back.
 */

const TAGS = ['think', 'thinking', 'thought', 'reasoning'];
const CLOSINGS = TAGS.map((tag) => `</${tag}>`);
/** Alone at the beginning or the end of a line: one among words is a word. */
const UNOPENED = new RegExp(`(?<=\\n)[ \\t]*(?:${CLOSINGS.join('|')})|(?:${CLOSINGS.join('|')})(?=[ \\t]*\\n)`);
/** What may become one, or a beginning. */
const BEGUN = new RegExp(`(?:</?[a-z]{0,9}|(?:${CLOSINGS.join('|')})[ \t]*)$`);
/** Enough to see a line begin. */
const LOOK_BACK = 32;
/** As their names have it: DeepSeek-R1, QwQ-32B, qwen3-30b-a3b-thinking-2507. */
const UNMARKED_MODEL = /(?:^|[-_/:. ])(?:r1|qwq|thinking|reasoner)(?:$|[-_/:. ])/i;

/** What is expected of a model before it has answered. */
export function thinksUnmarked(model: string): boolean {
  return UNMARKED_MODEL.test(model);
}

export class Thoughts {
  /** Neither said nor thought yet. */
  #held = '';
  /** What will end the thought in progress. */
  #closing: string | null = null;
  #thought = '';
  #state: 'beginning' | 'in doubt' | 'speaking' = 'beginning';
  #unmarked: boolean;
  /** An end without a beginning may still come. */
  #doubts = true;
  /** The last of what was said, and a line break before it all. */
  #said = '\n';

  /** @param unmarked whether it may begin in a thought */
  constructor(unmarked = false) {
    this.#unmarked = unmarked;
  }

  /** Whether an answer of this model may begin in a thought, as far as this one tells. */
  get unmarked(): boolean {
    return this.#unmarked;
  }

  /** Whether words are held that may be either. */
  get inDoubt(): boolean {
    return this.#state === 'in doubt';
  }

  /** The server tells thoughts from words by itself. */
  areApart(): void {
    this.#trust();
    if (this.#state === 'in doubt') this.#state = 'speaking';
  }

  /** @returns what of the text so far is certain to be said, and was not returned before. */
  saidIn(text: string): string {
    this.#held += text;
    this.#begin();
    // Only there a mark can have become whole.
    if (this.#state === 'in doubt' && /[>\n]/.test(text)) this.#resolveDoubt();
    return this.#state === 'speaking' ? this.#speak() : '';
  }

  /** What of the text so far is certain to be thought, and was not returned before. */
  takeThought(): string {
    const thought = this.#thought;
    this.#thought = '';
    return thought;
  }

  /** What was held back, once nothing follows. */
  end(): string {
    if (this.#closing !== null) return '';
    if (this.#state === 'beginning' || !this.#doubts) return this.#held.trimStart();
    // The end is the end of a line.
    const words = this.#held;
    this.#held += '\n';
    if (this.#passUnopened()) return '';
    if (this.#state === 'in doubt') this.#unmarked = false;
    return words;
  }

  #begin(): void {
    if (this.#state !== 'beginning') return;
    while (this.#passThought()) {
      const start = this.#held.trimStart();
      const tag = TAGS.find((name) => start.startsWith(`<${name}>`));
      if (tag === undefined) {
        if (start === '' || TAGS.some((name) => `<${name}>`.startsWith(start))) return;
        this.#state = this.#unmarked && this.#doubts ? 'in doubt' : 'speaking';
        this.#held = start;
        return;
      }
      this.#trust();
      this.#closing = `</${tag}>`;
      this.#held = start.slice(tag.length + 2);
    }
  }

  /** @returns false while a thought goes on. */
  #passThought(): boolean {
    if (this.#closing === null) return true;
    const end = this.#held.indexOf(this.#closing);
    // Of a thought only as much is held as may be the beginning of its end.
    const thought = end < 0 ? Math.max(0, this.#held.length - this.#closing.length) : end;
    this.#thought += this.#held.slice(0, thought);
    this.#held = this.#held.slice(end < 0 ? thought : end + this.#closing.length);
    if (end >= 0) this.#closing = null;
    return end >= 0;
  }

  #resolveDoubt(): void {
    if (this.#passUnopened()) this.#begin();
    else if (!this.#doubts) this.#state = 'speaking';
  }

  #speak(): string {
    if (this.#doubts && this.#passUnopened()) {
      this.#begin();
      if (this.#state !== 'speaking') return '';
    }
    const keep = this.#doubts ? (BEGUN.exec(this.#held)?.[0].length ?? 0) : 0;
    const said = this.#held.slice(0, this.#held.length - keep);
    this.#held = this.#held.slice(said.length);
    this.#said = `${this.#said}${said}`.slice(-LOOK_BACK);
    return said;
  }

  /** @returns whether what is held was a thought up to somewhere; what follows begins anew, unless words went before */
  #passUnopened(): boolean {
    // Words about thoughts.
    if (TAGS.some((tag) => this.#held.includes(`<${tag}>`))) this.#doubts = false;
    if (!this.#doubts) return false;
    const context = this.#state === 'speaking' ? this.#said : '\n';
    const end = UNOPENED.exec(context + this.#held);
    if (!end) return false;
    this.#trust();
    this.#unmarked = true;
    const at = Math.max(0, end.index - context.length);
    this.#thought += this.#held.slice(0, at);
    this.#held = this.#held.slice(end.index + end[0].length - context.length);
    if (this.#said === '\n') this.#state = 'beginning';
    return true;
  }

  /** The next end of a thought has a beginning. */
  #trust(): void {
    this.#doubts = false;
    this.#unmarked = false;
  }
}
