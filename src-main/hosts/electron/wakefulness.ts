/** Keeps the system from going to sleep by itself while a turn is under way: when the key is locked, nobody touches anything. */
import { powerSaveBlocker } from 'electron';
import type { ConversationView, EventName } from '../../../src-preload/contract.ts';

export class Wakefulness {
  #blocker: number | null = null;

  watch(name: EventName, payload: unknown): void {
    if (name !== 'conversation.changed') return;
    if ((payload as ConversationView).phase === 'idle') this.end();
    else this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
  }

  end(): void {
    if (this.#blocker !== null) powerSaveBlocker.stop(this.#blocker);
    this.#blocker = null;
  }
}
