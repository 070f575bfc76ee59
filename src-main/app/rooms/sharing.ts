/** A conversation of this Squelch in a room of its own: the agent is in it, whoever sits here, and whom they invite. */
import { randomUUID } from 'node:crypto';
import { RoomServiceClient } from 'livekit-server-sdk';
import type { RoomGuest, RoomParticipant, RoomView } from '../../../src-preload/rooms-contract.ts';
import type { Settings } from '../../../src-preload/settings.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { type Fault, reportFault } from '../../fault.ts';
import type { RoomAccess } from '../../transport/livekit/room-link.ts';
import type { Transport } from '../../transport/transport.ts';
import type { RecordEvent } from './fault-log.ts';
import type { GuestPage, OpenGuestPage } from './guest-page.ts';
import { Guests } from './guests.ts';
import { RoomAgent } from './room-agent.ts';
import type { ServerAccess } from './server-access.ts';
import { CONNECT_TTL_SECONDS, mintToken } from './tokens.ts';

export interface SharingOptions {
  readonly server: ServerAccess;
  readonly session: AgentSession;
  /** Of whom the room talks with. */
  readonly agentName: () => string;
  /** Of whoever sits here, as the others see it. */
  readonly name: string;
  readonly rules: () => Settings['rooms'];
  readonly openGuestPage: OpenGuestPage;
  readonly changed: () => void;
  readonly record: RecordEvent;
  /** Whether nothing is kept of that conversation. */
  readonly isPrivate: (session: AgentSession) => boolean;
  /** Something that its owner should know. */
  readonly notice: (fault: Fault) => void;
}

const OWNER = 'owner';

export class Sharing {
  readonly #options: SharingOptions;
  readonly #room = `squelch-${randomUUID()}`;
  readonly #service: RoomServiceClient;
  readonly #guests: Guests;
  readonly #page: GuestPage;
  #agent: RoomAgent | null = null;
  #fault: Fault | null = null;

  /** @throws Fault when the room can't be made or joined, or guests would have no page */
  static async start(options: SharingOptions): Promise<Sharing> {
    const page = await options.openGuestPage(options.rules().guestPage, options.server.url);
    const sharing = new Sharing(options, page);
    try {
      await sharing.#join();
      return sharing;
    } catch (thrown) {
      await page.close();
      throw thrown;
    }
  }

  private constructor(options: SharingOptions, page: GuestPage) {
    const { server } = options;
    this.#options = options;
    this.#page = page;
    this.#service = new RoomServiceClient(httpAddress(server.url), server.apiKey, server.apiSecret);
    const expelled = (identity: string) => void this.#expel(identity);
    this.#guests = new Guests({ server, room: this.#room, page: page.url, expelled });
  }

  get view(): RoomView {
    const state = this.#agent?.state;
    return {
      mode: 'sharing',
      name: this.#room,
      url: this.#options.server.url,
      connection: state?.connection ?? 'connecting',
      identity: OWNER,
      agent: state?.agent ?? null,
      participants: this.#participants(),
      queue: [...(state?.keyQueue ?? [])],
      guests: this.#guests.all,
      fault: this.#fault && reportFault(this.#fault),
    };
  }

  /** What the window of whoever sits here connects with. */
  async access(): Promise<RoomAccess> {
    const { server, name } = this.#options;
    const token = await mintToken(server, { room: this.#room, identity: OWNER, name, ttl: CONNECT_TTL_SECONDS });
    return { url: server.url, token };
  }

  /** Where replies are heard; null while the room is out of reach. */
  get voice(): Transport | null {
    return this.#agent?.state.connection === 'connected' ? this.#agent.voice : null;
  }

  /** Whoever sits here wants to speak. @throws Fault while somebody else does */
  claim(): void {
    this.#agent?.claim(OWNER);
  }

  follow(session: AgentSession): void {
    this.#agent?.follow(session);
  }

  async invite(name: string, expiresInMs: number): Promise<RoomGuest> {
    const guest = await this.#guests.invite(name, expiresInMs);
    this.#options.changed();
    return guest;
  }

  /** @throws Fault for a guest that was never invited */
  revoke(guestId: string): void {
    this.#guests.revoke(guestId);
    this.#options.changed();
  }

  async close(): Promise<void> {
    this.#guests.close();
    await this.#agent?.close();
    // Guests are shown out; a server that can't be reached shows them out when it is back and the room is empty.
    await this.#service.deleteRoom(this.#room).catch(() => {});
    await this.#page.close();
    await this.#agent?.recorded();
  }

  async #join(): Promise<void> {
    const { server, session, rules, changed, record, isPrivate, notice } = this.#options;
    const token = () =>
      mintToken(server, {
        room: this.#room,
        identity: 'agent',
        name: this.#options.agentName(),
        ttl: CONNECT_TTL_SECONDS,
        agent: true,
      });
    this.#agent = await RoomAgent.join({
      session,
      record,
      access: async () => ({ url: server.url, token: await token() }),
      rules,
      admits: (identity) => this.#guests.admits(identity),
      owner: OWNER,
      changed: () => {
        this.#expelUninvited();
        changed();
      },
      fault: (fault) => {
        this.#fault = fault;
        changed();
      },
      recorded: async (session) =>
        rules().serverRecording && !isPrivate(session) ? { server, room: this.#room } : null,
      unrecorded: notice,
    });
  }

  #participants(): RoomParticipant[] {
    const state = this.#agent?.state;
    if (!state) return [];
    const agent: RoomParticipant = {
      identity: state.agent,
      name: this.#options.agentName(),
      role: 'agent',
      speaking: state.agentSpeaks,
      holdsKey: false,
      connectionQuality: state.connection === 'connected' ? 'excellent' : 'lost',
    };
    const others = state.present.map(({ identity, name, agent: isAgent, speaking, connectionQuality }) => ({
      identity,
      name,
      role: this.#roleOf(identity, isAgent),
      speaking,
      holdsKey: state.keyHolder === identity,
      connectionQuality,
    }));
    return [agent, ...others];
  }

  #roleOf(identity: string, isAgent: boolean): RoomParticipant['role'] {
    if (identity === OWNER) return 'owner';
    if (isAgent) return 'agent';
    return this.#guests.has(identity) ? 'guest' : 'other';
  }

  /** A token stays good at the server until it expires: who comes back with a revoked one is shown out again. */
  #expelUninvited(): void {
    for (const { identity } of this.#agent?.state.present ?? []) {
      if (!this.#guests.admits(identity)) void this.#expel(identity);
    }
  }

  async #expel(identity: string): Promise<void> {
    // Somebody who is not there, or a server out of reach: they are met again when they come.
    await this.#service.removeParticipant(this.#room, identity).catch(() => {});
    this.#options.changed();
  }
}

function httpAddress(url: string): string {
  return url.replace(/^ws/, 'http');
}
