/** What is written in a room: each message is a turn of its own, once nobody speaks. */
import type { Speaker } from '../../conversation/events.ts';
import { Fault } from '../../fault.ts';

/** Characters; as long as what can be typed at this machine. */
const LONGEST = 100_000;
/** Somebody may speak for minutes meanwhile. */
const MOST_WAITING = 50;

export interface ChatMessage {
  readonly text: string;
  readonly speaker: Speaker;
}

export class RoomChat {
  readonly #waiting: ChatMessage[] = [];

  /** @throws Fault for a message that is not read */
  receive(text: string, speaker: Speaker): void {
    const words = text.trim();
    if (text.length > LONGEST) {
      throw new Fault('room-message-too-long', `${speaker.name} wrote too much at once to be read`, {
        hint: `Write at most ${LONGEST} characters.`,
      });
    }
    if (this.#waiting.length === MOST_WAITING) {
      throw new Fault('room-messages-too-many', `${speaker.name} wrote while too many messages were waiting`, {
        hint: 'Write again once the agent has answered.',
      });
    }
    if (words !== '') this.#waiting.push({ text: words, speaker });
  }

  /** The message that has waited longest; it waits no more. */
  next(): ChatMessage | null {
    return this.#waiting.shift() ?? null;
  }
}

/** Of one that is too long no more than it takes to know that. */
export async function readMessage(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk;
    if (text.length > LONGEST) break;
  }
  return text;
}
