/** Who listens to which of the core's events; shared by both bridges. */
import type { EventName, EventPayload } from '../../src-preload/contract.ts';

type Listener = (payload: never) => void;

export class Listeners {
  readonly #byName = new Map<EventName, Set<Listener>>();

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit(name: EventName, payload: unknown): void {
    for (const listener of this.#byName.get(name) ?? []) listener(payload as never);
  }
}
