/** Our own attributes in a room: only the newest values are sent, one request at a time. */
import { patiently } from './patience.ts';
import type { LocalParticipant } from './sdk.ts';

type Attributes = Readonly<Record<string, string>>;

export class OwnAttributes {
  #wanted: Attributes = {};
  #sent: Attributes = {};
  #participant: LocalParticipant | null = null;
  #sending = false;

  /** We are in a room, which knows nothing of us yet. */
  enter(participant: LocalParticipant, attributes: Attributes): void {
    this.#participant = participant;
    this.#sent = {};
    this.set({ ...attributes, ...this.#wanted });
  }

  set(attributes: Attributes): void {
    this.#wanted = { ...this.#wanted, ...attributes };
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    for (let changed = this.#changed(); changed && this.#participant; changed = this.#changed()) {
      const participant = this.#participant;
      this.#sent = { ...this.#sent, ...changed };
      // Out of reach the room learns the newest when we are back.
      await patiently(participant.setAttributes(changed)).catch(() => {});
    }
    this.#sending = false;
  }

  #changed(): Attributes | null {
    const changed = Object.entries(this.#wanted).filter(([name, value]) => this.#sent[name] !== value);
    return changed.length > 0 ? Object.fromEntries(changed) : null;
  }
}
