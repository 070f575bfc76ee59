/**
 * Tells what a model thinks from what it says: models that run on one's own machine often think aloud, in `<think>`
 * before their answer, where the server does not know to put it elsewhere.
 */

const TAGS = ['think', 'thinking', 'thought', 'reasoning'];

export class Thoughts {
  /** Neither said nor thought yet. */
  #held = '';
  /** What will end the thought in progress. */
  #closing: string | null = null;
  #thought = '';
  #speaking = false;

  /** @returns what of the text so far is certain to be said, and was not returned before. */
  saidIn(text: string): string {
    if (this.#speaking) return text;
    this.#held += text;
    while (this.#passThought()) {
      const start = this.#held.trimStart();
      const tag = TAGS.find((name) => start.startsWith(`<${name}>`));
      if (tag === undefined) return this.#begin(start);
      this.#closing = `</${tag}>`;
      this.#held = start.slice(tag.length + 2);
    }
    return '';
  }

  /** What of the text so far is certain to be thought, and was not returned before. */
  takeThought(): string {
    const thought = this.#thought;
    this.#thought = '';
    return thought;
  }

  /** What was held back, once nothing follows. */
  end(): string {
    return this.#speaking || this.#closing !== null ? '' : this.#held.trimStart();
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

  #begin(start: string): string {
    if (start === '' || TAGS.some((name) => `<${name}>`.startsWith(start))) return '';
    this.#speaking = true;
    return start;
  }
}
