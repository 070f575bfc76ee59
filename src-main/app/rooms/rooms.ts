/**
 * The room this Squelch is in, if any: sharing its own conversation, or as a client of somebody else's agent. LiveKit's
 * libraries are loaded when a room is first needed.
 */
import type { RoomGuest, RoomReport, RoomsView, RoomView } from '../../../src-preload/rooms-contract.ts';
import type { Agent } from '../../conversation/agent.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { Fault } from '../../fault.ts';
import type { Transport } from '../../transport/transport.ts';
import { FaultLog, type RecordEvent } from './fault-log.ts';
import type { OpenGuestPage } from './guest-page.ts';
import type { JoinedRoom, RoomAccess } from './joined-room.ts';
import { type Credentials, keepCredentials, type ServerSources, serverAccess, serverStatus } from './server-access.ts';
import type { Sharing, SharingOptions } from './sharing.ts';

export interface RoomsOptions {
  readonly sources: () => ServerSources;
  /** The conversation that is shared. */
  readonly session: () => AgentSession;
  readonly agentName: () => string;
  /** Begins a conversation with that one; with null, with the agent of the settings. */
  readonly talkWith: (agent: Agent | null) => Promise<void>;
  readonly openGuestPage: OpenGuestPage;
  readonly changed: (view: RoomsView) => void;
  readonly record: RecordEvent;
  readonly isPrivate: SharingOptions['isPrivate'];
  readonly notice: SharingOptions['notice'];
}

export class Rooms {
  readonly #options: RoomsOptions;
  #sharing: Sharing | null = null;
  #joined: JoinedRoom | null = null;
  /** One room at a time, and one change of it. */
  #entering = false;
  /** Rooms that are being left. */
  #closing: Promise<unknown> = Promise.resolve();

  constructor(options: RoomsOptions) {
    this.#options = options;
  }

  /** Address of the server of the room this window is in; null when it is in none. */
  get url(): string | null {
    return this.#room?.view.url ?? null;
  }

  async view(): Promise<RoomsView> {
    return { server: await serverStatus(this.#options.sources()), room: this.#room?.view ?? null };
  }

  async setCredentials(credentials: Credentials | null): Promise<void> {
    await keepCredentials(this.#options.sources().secrets, credentials);
    this.announce();
  }

  /** @returns what the server of the settings says. @throws Fault */
  async test(): Promise<string> {
    const { testServer } = await import('./test-server.ts');
    return testServer(await serverAccess(this.#options.sources()));
  }

  /** @param name of whoever sits here, for the others. @throws Fault while in a room, or when the server can't be used */
  async share(name: string): Promise<RoomView> {
    const { sources, session, agentName, openGuestPage, record, isPrivate, notice } = this.#options;
    return this.#enter(async () => {
      const server = await serverAccess(sources());
      const { Sharing } = await import('./sharing.ts');
      this.#sharing = await Sharing.start({
        server,
        session: session(),
        agentName,
        name,
        rules: () => sources().settings.rooms,
        openGuestPage,
        record,
        isPrivate,
        notice,
        changed: () => this.announce(),
      });
      return this.#sharing.view;
    });
  }

  /** @throws Fault while in a room, or when the token or the server's key can't be used */
  async join(to: { url: string; token: string } | { room: string; name: string }): Promise<RoomView> {
    return this.#enter(async () => {
      const { JoinedRoom } = await import('./joined-room.ts');
      const { session, record, sources } = this.#options;
      const events = { changed: () => this.announce(), faults: new FaultLog(session, record) };
      this.#joined =
        'token' in to
          ? JoinedRoom.withToken(to.url, to.token, events)
          : JoinedRoom.withKey(await serverAccess(sources()), to.room, to.name, events);
      await this.#options.talkWith(this.#joined.remote.agent);
      return this.#joined.view;
    });
  }

  invite(name: string, expiresInMs: number): Promise<RoomGuest> {
    return this.#shared().invite(name, expiresInMs);
  }

  revoke(guestId: string): void {
    this.#shared().revoke(guestId);
  }

  /** @throws Fault when in no room */
  access(): Promise<RoomAccess> {
    const room = this.#room;
    if (!room) throw noRoom();
    return room.access();
  }

  report(report: RoomReport): void {
    if (!this.#joined) throw noRoom();
    this.#joined.report(report);
  }

  async leave(): Promise<void> {
    const sharing = this.#sharing;
    const joined = this.#joined;
    this.#sharing = null;
    this.#joined = null;
    this.announce();
    this.#closing = Promise.all([this.#closing, sharing?.close()]);
    await this.#closing;
    if (joined) await this.#options.talkWith(null);
  }

  /** Whoever sits here is about to speak or write. @returns where the answer is heard. @throws Fault while somebody else speaks */
  claim(local: Transport): Transport {
    this.#sharing?.claim();
    return this.voiceFor(local);
  }

  /** Where replies are heard: in the room, as long as it can be reached. */
  voiceFor(local: Transport): Transport {
    return this.#sharing?.voice ?? this.#joined?.remote.voice ?? local;
  }

  /** What the window hears in a room that was joined. @param sequence counts frames */
  hear(sequence: number, samples: Int16Array): void {
    this.#joined?.remote.hear(sequence, samples);
  }

  /** Another conversation has begun here; who talks with somebody else has left the room that was joined. */
  follow(session: AgentSession): void {
    this.#sharing?.follow(session);
    if (!this.#joined || session.currentAgent === this.#joined.remote.agent) return;
    this.#joined = null;
    this.announce();
  }

  announce(): void {
    void this.view().then(this.#options.changed);
  }

  async close(): Promise<void> {
    await Promise.all([this.#closing, this.#sharing?.close()]);
  }

  get #room(): Sharing | JoinedRoom | null {
    return this.#sharing ?? this.#joined;
  }

  #shared(): Sharing {
    if (this.#sharing) return this.#sharing;
    throw new Fault('room-not-shared', 'This conversation is not shared', { hint: 'Share it first.' });
  }

  async #enter(work: () => Promise<RoomView>): Promise<RoomView> {
    if (this.#room || this.#entering) {
      throw new Fault('room-taken', 'You are in a room already', { hint: 'Leave it first.' });
    }
    this.#entering = true;
    try {
      return await work();
    } finally {
      this.#entering = false;
      this.announce();
    }
  }
}

function noRoom(): Fault {
  return new Fault('room-none', 'You are in no room', { hint: 'Join or share one first.' });
}
