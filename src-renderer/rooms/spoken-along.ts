/**
 * The microphone of whoever shares a conversation: the core hears it directly, the others in the room hear it from
 * here. What they miss while the connection is away is not made up for; the core has it.
 */
import type { RoomKey } from './room-key.ts';
import type { RoomLink } from './room-link.ts';
import type { RoomVoices } from './room-voices.ts';
import type { Uplink } from './uplink.ts';

export class SpokenAlong implements RoomKey {
  readonly #link: RoomLink;
  readonly #uplink: Uplink;
  readonly #voices: RoomVoices;
  #takeId: number | null = null;

  constructor(link: RoomLink, uplink: Uplink, voices: RoomVoices) {
    this.#link = link;
    this.#uplink = uplink;
    this.#voices = voices;
  }

  begin(takeId: number): void {
    this.#takeId = takeId;
    this.#voices.hushAgent(true);
    void this.#link.open(true);
    void this.#uplink.play(takeId).then(() => this.#close(takeId));
  }

  end(takeId: number): void {
    this.#voices.hushAgent(false);
    this.#uplink.end(takeId);
  }

  cancel(takeId: number): void {
    this.#voices.hushAgent(false);
    this.#close(takeId);
  }

  #close(takeId: number): void {
    this.#uplink.drop(takeId);
    if (this.#takeId !== takeId) return;
    this.#takeId = null;
    void this.#link.open(false);
  }
}
