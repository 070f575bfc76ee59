/** Our own attributes in a room: only the newest values are sent, one request at a time. */
import { patiently } from './patience.ts';
import type { LocalParticipant } from './sdk.ts';

type Attributes = Readonly<Record<string, string>>;

export class OwnAttributes {
  #wanted: Attributes = {};
  #sent: Attributes = {};
  #participant: LocalParticipant | null = null;
  /** In whose name a request is under way. */
  #sending: LocalParticipant | null = null;

  /** We are in a room, which knows nothing of us yet. */
  enter(participant: LocalParticipant, attributes: Attributes): void {
    this.#participant = participant;
    this.#sent = {};
    this.set({ ...attributes, ...this.#wanted });
  }

  set(attributes: Attributes): void {
    this.#wanted = { ...this.#wanted, ...attributes };
    this.resume();
  }

  /** The room can be reached again: what it may have missed is sent. */
  resume(): void {
    const participant = this.#participant;
    // A request to the room before holds up nothing in this one.
    if (participant && this.#sending !== participant) void this.#send(participant);
  }

  async #send(participant: LocalParticipant): Promise<void> {
    this.#sending = participant;
    for (let changed = this.#changed(); changed; changed = this.#changed()) {
      const arrived = await patiently(participant.setAttributes(changed)).then(
        () => true,
        () => false,
      );
      if (participant !== this.#participant) return;
      // Out of reach the room learns the newest when we are back.
      if (!arrived) break;
      this.#sent = { ...this.#sent, ...changed };
    }
    this.#sending = null;
  }

  #changed(): Attributes | null {
    const changed = Object.entries(this.#wanted).filter(([name, value]) => this.#sent[name] !== value);
    return changed.length > 0 ? Object.fromEntries(changed) : null;
  }
}
