/** Who was invited into a shared room: a link each, good until it expires or is revoked. */
import { randomUUID } from 'node:crypto';
import type { RoomGuest } from '../../../src-preload/rooms-contract.ts';
import { Fault } from '../../fault.ts';
import type { ServerAccess } from './server-access.ts';
import { mintToken } from './tokens.ts';

export interface GuestsOptions {
  readonly server: ServerAccess;
  readonly room: string;
  /** Where the guests' page is. */
  readonly page: string;
  /** Somebody who was invited may not stay any longer. */
  readonly expelled: (identity: string) => void;
}

/** Node's timers go no further. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Guests {
  readonly #options: GuestsOptions;
  readonly #guests = new Map<string, RoomGuest>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: GuestsOptions) {
    this.#options = options;
  }

  /** In the order in which they were invited. */
  get all(): RoomGuest[] {
    return [...this.#guests.values()];
  }

  async invite(name: string, expiresInMs: number): Promise<RoomGuest> {
    const { server, room, page } = this.#options;
    const id = `guest-${randomUUID()}`;
    const expiresAt = Date.now() + expiresInMs;
    const token = await mintToken(server, { room, identity: id, name, ttl: Math.ceil(expiresInMs / 1000) });
    // After the #, so that no web server on the way gets to see the token.
    const link = `${page}#${new URLSearchParams({ url: server.url, token })}`;
    const guest: RoomGuest = { id, name, link, expiresAt, revoked: false };
    this.#guests.set(id, guest);
    const timer = setTimeout(() => this.#options.expelled(id), Math.min(expiresInMs, LONGEST_TIMER_MS));
    this.#timers.set(id, timer.unref());
    return guest;
  }

  /** @throws Fault for a guest that was never invited */
  revoke(id: string): void {
    const guest = this.#guests.get(id);
    if (!guest) throw new Fault('guest-unknown', 'That guest was not invited', { hint: 'Choose one from the list.' });
    this.#guests.set(id, { ...guest, revoked: true });
    this.#options.expelled(id);
  }

  has(identity: string): boolean {
    return this.#guests.has(identity);
  }

  /** Who was not invited from here came with a token of somebody who has the server's key. */
  admits(identity: string): boolean {
    const guest = this.#guests.get(identity);
    return !guest || (!guest.revoked && guest.expiresAt > Date.now());
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }
}
