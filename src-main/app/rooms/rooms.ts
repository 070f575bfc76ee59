/** The room this Squelch is in, if any: sharing its own conversation, or as a client of somebody else's agent. */
import type { RoomReport, RoomsView, RoomView } from '../../../src-preload/rooms-contract.ts';
import { Fault } from '../../fault.ts';
import { JoinedRoom, type RoomAccess } from './joined-room.ts';
import { type Credentials, keepCredentials, type ServerSources, serverAccess, serverStatus } from './server-access.ts';

export interface RoomsOptions {
  readonly sources: () => ServerSources;
  readonly changed: (view: RoomsView) => void;
}

export class Rooms {
  readonly #sources: () => ServerSources;
  readonly #changed: (view: RoomsView) => void;
  #joined: JoinedRoom | null = null;

  constructor({ sources, changed }: RoomsOptions) {
    this.#sources = sources;
    this.#changed = changed;
  }

  async view(): Promise<RoomsView> {
    return { server: await serverStatus(this.#sources()), room: this.#joined?.view ?? null };
  }

  async setCredentials(credentials: Credentials | null): Promise<void> {
    await keepCredentials(this.#sources().secrets, credentials);
    this.announce();
  }

  /** @throws Fault while in a room, or when the token or the server's key can't be used */
  async join(to: { url: string; token: string } | { room: string; name: string }): Promise<RoomView> {
    if (this.#joined) {
      throw new Fault('room-taken', `You are in the room ${this.#joined.view.name} already`, {
        hint: 'Leave it first.',
      });
    }
    const changed = () => this.announce();
    this.#joined =
      'token' in to
        ? JoinedRoom.withToken(to.url, to.token, changed)
        : JoinedRoom.withKey(await serverAccess(this.#sources()), to.room, to.name, changed);
    this.announce();
    return this.#joined.view;
  }

  /** @throws Fault when in no room */
  access(): Promise<RoomAccess> {
    return this.#inRoom().access();
  }

  report(report: RoomReport): void {
    this.#inRoom().report(report);
  }

  async leave(): Promise<void> {
    this.#joined = null;
    this.announce();
  }

  announce(): void {
    void this.view().then(this.#changed);
  }

  #inRoom(): JoinedRoom {
    if (this.#joined) return this.#joined;
    throw new Fault('room-none', 'You are in no room', { hint: 'Join or share one first.' });
  }
}
