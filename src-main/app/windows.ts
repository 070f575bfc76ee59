/**
 * The windows that look at the core. Turns change many times a second while words stream: windows get the
 * newest view of each, at most once per interval, and always before anything else is said.
 */
import type { EventName, EventPayload, TurnView } from '../../src-preload/contract.ts';

/** The core's way to one window. */
export interface WindowEnd {
  event(name: EventName, payload: unknown): void;
  /** One audio packet (src-preload/audio-packet.ts). */
  packet(bytes: ArrayBuffer): void;
}

const TURN_INTERVAL_MS = 30;

export class Windows {
  readonly #ends = new Set<WindowEnd>();
  readonly #changedTurns = new Map<string, TurnView>();
  #timer: NodeJS.Timeout | null = null;

  add(end: WindowEnd): void {
    this.#ends.add(end);
  }

  remove(end: WindowEnd): void {
    this.#ends.delete(end);
  }

  get anyOpen(): boolean {
    return this.#ends.size > 0;
  }

  send<N extends EventName>(name: N, payload: EventPayload<N>): void {
    this.#flush();
    for (const end of this.#ends) end.event(name, payload);
  }

  turnChanged(turn: TurnView): void {
    this.#changedTurns.set(turn.id, turn);
    this.#timer ??= setTimeout(() => this.#flush(), TURN_INTERVAL_MS);
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const turns = [...this.#changedTurns.values()];
    this.#changedTurns.clear();
    for (const turn of turns) for (const end of this.#ends) end.event('turn.changed', turn);
  }
}
