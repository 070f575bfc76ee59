/**
 * One participant's place in a room, kept for as long as it is wanted: when the SDK gives up on a connection, a new one
 * is made with a new token, again and again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, toFault } from '../../fault.ts';
import { lostFault } from './lost-fault.ts';
import { patiently } from './patience.ts';
import { connectFault, farewellFault } from './room-faults.ts';
import { ConnectionState, type DisconnectReason, forgetRoom, Room, RoomEvent } from './sdk.ts';

export type LinkState = 'connecting' | 'connected' | 'reconnecting' | 'disconnected';

export interface RoomAccess {
  readonly url: string;
  readonly token: string;
}

export interface RoomLinkOptions {
  /** Asked before every attempt. */
  access(): Promise<RoomAccess>;
  /** Called with every room before it connects: the place to listen to it. */
  prepare(room: Room): void;
  /** Called with every room that is connected. */
  joined(room: Room): Promise<void>;
  /** @param fault why it is not connected */
  changed(state: LinkState, fault: Fault | null): void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
/** A token that was refused so will be refused again. */
const REFUSALS: ReadonlySet<string> = new Set(['room-token-expired', 'room-token-rejected', 'room-not-permitted']);

export class RoomLink {
  readonly #options: RoomLinkOptions;
  readonly #closing = new AbortController();
  #room: Room | null = null;
  #state: LinkState = 'connecting';
  #rejoining: Promise<void> = Promise.resolve();

  /** @throws Fault when the room can't be joined now */
  static async open(options: RoomLinkOptions): Promise<RoomLink> {
    const link = new RoomLink(options);
    await link.#join(await options.access());
    return link;
  }

  private constructor(options: RoomLinkOptions) {
    this.#options = options;
  }

  /** Where we are; null while we are not. */
  get room(): Room | null {
    return this.#state === 'connected' ? this.#room : null;
  }

  get state(): LinkState {
    return this.#state;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#rejoining;
    if (this.#room) await patiently(this.#room.disconnect()).catch(() => {});
    this.#change('disconnected', null);
  }

  /** @throws Fault when we are not in the room after it */
  async #join({ url, token }: RoomAccess): Promise<void> {
    const { prepare, joined } = this.#options;
    const room = new Room();
    prepare(room);
    const connecting = room.connect(url, token, { autoSubscribe: false, dynacast: false });
    try {
      await patiently(connecting);
    } catch (thrown) {
      // One that gets there late would take the place of the next.
      connecting.then(
        () => room.disconnect(),
        () => {},
      );
      throw connectFault(url, thrown);
    }
    this.#room = room;
    try {
      await patiently(joined(room));
      if (room.connectionState !== ConnectionState.CONN_CONNECTED) throw lostFault(url);
    } catch (thrown) {
      await patiently(room.disconnect()).catch(() => {});
      throw thrown instanceof Fault ? thrown : connectFault(url, thrown);
    }
    room.on(RoomEvent.Reconnecting, () => this.#change('reconnecting', lostFault(url)));
    room.on(RoomEvent.Reconnected, () => this.#change('connected', null));
    room.on(RoomEvent.Disconnected, (reason) => this.#lost(room, url, reason));
    this.#change('connected', null);
  }

  #lost(room: Room, url: string, reason: DisconnectReason): void {
    forgetRoom(room);
    if (room !== this.#room || this.#closing.signal.aborted) return;
    const farewell = farewellFault(reason);
    if (farewell) this.#change('disconnected', farewell);
    else {
      this.#change('reconnecting', lostFault(url));
      this.#rejoining = this.#rejoin();
    }
  }

  async #rejoin(): Promise<void> {
    const { signal } = this.#closing;
    let refused = '';
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      let token = '';
      try {
        const access = await this.#options.access();
        ({ token } = access);
        await this.#join(access);
        return;
      } catch (thrown) {
        const fault = toFault(thrown);
        const hopeless = REFUSALS.has(fault.code);
        // Somebody else made it, and there is no other.
        if (hopeless && token === refused) return this.#change('disconnected', fault);
        if (hopeless) refused = token;
        this.#change('reconnecting', fault);
      }
    }
  }

  #change(state: LinkState, fault: Fault | null): void {
    this.#state = state;
    this.#options.changed(state, fault);
  }
}
