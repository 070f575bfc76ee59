/** Knows from the events whether a take is being recorded, so that it can be ended when the system sleeps or locks: no key-up comes then. */
import type { CommandInput, ConversationView, EventName } from '../../../src-preload/contract.ts';

export class HeldKey {
  #take: { readonly id: number; readonly since: number } | null = null;

  watch(name: EventName, payload: unknown): void {
    if (name !== 'conversation.changed') return;
    const { takeId } = payload as ConversationView;
    if (takeId === this.#take?.id) return;
    this.#take = takeId === null ? null : { id: takeId, since: performance.now() };
  }

  /** @returns what to tell the core; null when nothing is being recorded. */
  release(): CommandInput<'talk.release'> | null {
    return this.#take && { takeId: this.#take.id, heldMs: performance.now() - this.#take.since, lost: true };
  }
}
