/** A queue that one side fills without waiting and the other side iterates: how pushed frames become a node's input. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #closed = false;
  #failure: { readonly reason: unknown } | null = null;
  #wake: (() => void) | null = null;

  /** Ignored once closed. */
  push(item: T): void {
    if (this.#closed) return;
    this.#items.push(item);
    this.#wake?.();
  }

  /** The iteration ends after what was pushed. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** The iteration throws `reason` now; what was pushed and not read is dropped. */
  fail(reason: unknown): void {
    if (this.#closed && this.#items.length === 0) return;
    this.#failure = { reason };
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    let next = 0;
    while (true) {
      if (this.#failure) throw this.#failure.reason;
      if (next < this.#items.length) {
        const item = this.#items[next++] as T;
        if (next === 1024 || next === this.#items.length) {
          this.#items.splice(0, next);
          next = 0;
        }
        yield item;
      } else if (this.#closed) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    }
  }
}
