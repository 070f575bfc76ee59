/** Deletions that windows asked for: each can be stopped between two sessions. */
import { Fault } from '../fault.ts';

export class Deletions {
  readonly #running = new Map<string, AbortController>();

  /** @throws Fault `deletion-running`, and what `work` throws */
  async run<T>(deletionId: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running.has(deletionId)) {
      throw new Fault('deletion-running', 'This deletion is running already', { hint: 'Wait until it is done.' });
    }
    const stopping = new AbortController();
    this.#running.set(deletionId, stopping);
    try {
      return await work(stopping.signal);
    } finally {
      this.#running.delete(deletionId);
    }
  }

  stop(deletionId: string): void {
    this.#running.get(deletionId)?.abort();
  }

  stopAll(): void {
    for (const deletionId of this.#running.keys()) this.stop(deletionId);
  }
}
