/**
 * Watches whoever holds the key of a room: others wait for it. A client that froze with the key down, a microphone that
 * brings nothing, somebody who forgot: none of them lets go by themselves.
 */
export interface HoldLimits {
  /** Without speech. */
  readonly silentMs: number;
  /** With or without. */
  readonly longestMs: number;
}

export const HOLD_LIMITS: HoldLimits = { silentMs: 30_000, longestMs: 600_000 };

export class HolderWatch {
  readonly #limits: HoldLimits;
  readonly #exceeded: (limit: keyof HoldLimits) => void;
  #silent: NodeJS.Timeout | null = null;
  #longest: NodeJS.Timeout | null = null;

  /** @param exceeded called at most once for each time the key is held */
  constructor(limits: HoldLimits, exceeded: (limit: keyof HoldLimits) => void) {
    this.#limits = limits;
    this.#exceeded = exceeded;
  }

  begin(): void {
    this.end();
    this.#silent = this.#timer('silentMs');
    this.#longest = this.#timer('longestMs');
  }

  /** They say something. */
  spoke(): void {
    this.#silent?.refresh();
  }

  end(): void {
    for (const timer of [this.#silent, this.#longest]) if (timer) clearTimeout(timer);
    this.#silent = null;
    this.#longest = null;
  }

  #timer(limit: keyof HoldLimits): NodeJS.Timeout {
    return setTimeout(() => {
      this.end();
      this.#exceeded(limit);
    }, this.#limits[limit]);
  }
}
