/** What is written in a room: each message is a turn of its own, once nobody speaks. */
import type { Speaker } from '../../conversation/events.ts';
import { Fault } from '../../fault.ts';

/** Characters; as long as what can be typed at this machine. */
const LONGEST = 100_000;

export interface ChatMessage {
  readonly text: string;
  readonly speaker: Speaker;
}

export class RoomChat {
  readonly #waiting: ChatMessage[] = [];

  /** @throws Fault for a message that is not read */
  receive(text: string, speaker: Speaker): void {
    const words = text.trim();
    if (words.length > LONGEST) {
      throw new Fault('room-message-too-long', `${speaker.name} wrote too much at once to be read`, {
        hint: `Write at most ${LONGEST} characters.`,
      });
    }
    if (words !== '') this.#waiting.push({ text: words, speaker });
  }

  /** The message that has waited longest; it waits no more. */
  next(): ChatMessage | null {
    return this.#waiting.shift() ?? null;
  }
}
