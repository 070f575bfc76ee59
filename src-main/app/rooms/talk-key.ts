/** One key for everybody in a room: who holds it, and who waits for it. Knows identities and nothing else. */

/** `held`: the key was theirs already. `refused`: somebody else holds it, and nobody may wait. */
export type Press = 'granted' | 'held' | 'queued' | 'refused';

export class TalkKey {
  readonly #whenHeld: () => 'refuse' | 'queue';
  #holder: string | null = null;
  #queue: readonly string[] = [];

  constructor(whenHeld: () => 'refuse' | 'queue') {
    this.#whenHeld = whenHeld;
  }

  get holder(): string | null {
    return this.#holder;
  }

  /** Those who wait, first first. */
  get queue(): readonly string[] {
    return this.#queue;
  }

  press(identity: string): Press {
    if (this.#holder === identity) return 'held';
    const first = this.#queue[0] ?? identity;
    if (this.#holder === null && first === identity) {
      this.#queue = this.#queue.slice(1);
      this.#holder = identity;
      return 'granted';
    }
    if (this.#queue.includes(identity)) return 'queued';
    if (this.#whenHeld() === 'refuse') return 'refused';
    this.#queue = [...this.#queue, identity];
    return 'queued';
  }

  /** They let go, stop waiting or are gone. @returns whether they held it */
  leave(identity: string): boolean {
    this.#queue = this.#queue.filter((waiting) => waiting !== identity);
    if (this.#holder !== identity) return false;
    this.#holder = null;
    return true;
  }
}
