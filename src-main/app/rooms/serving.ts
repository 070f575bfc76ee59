/** Serving agents to rooms: to one by its name or with a token, or to those that the server dispatches. */
import { randomUUID } from 'node:crypto';
import type { ServedRoomView, ServeRoom, WorkRooms } from '../../../src-preload/rooms-contract.ts';
import type { Fault } from '../../fault.ts';
import type { DispatchLink } from './dispatch-link.ts';
import type { RoomAccess } from './joined-room.ts';
import { ServedRooms, type ServedRoomsOptions } from './served-rooms.ts';
import { type ServerAccess, type ServerSources, serverAccess, serverAddress } from './server-access.ts';

export interface ServingOptions extends ServedRoomsOptions {
  readonly sources: () => ServerSources;
  /** @param fault why the server can't be reached; null when it can */
  readonly workerChanged: (fault: Fault | null) => void;
}

export class Serving {
  readonly #options: ServingOptions;
  readonly #rooms: ServedRooms;
  #link: DispatchLink | null = null;

  constructor(options: ServingOptions) {
    this.#options = options;
    this.#rooms = new ServedRooms(options);
  }

  /** @throws Fault when the room can't be joined, or the agent can't be had */
  async serve({ url, room, token, agentId, rules }: ServeRoom): Promise<ServedRoomView> {
    const access = token === undefined ? await this.#ownAccess(url, room) : this.#givenAccess(url, token);
    const server = () => this.#server(url);
    return this.#rooms.serve({ agentId: agentId ?? null, room, rules, access, server });
  }

  /** Takes the rooms that the server dispatches, until the app is closed. @returns the worker's id at the server */
  async work({ url, name, agentId, rules }: WorkRooms): Promise<string> {
    const { DispatchLink } = await import('./dispatch-link.ts');
    const server = await this.#server(url);
    const jobs = new Map<string, Promise<ServedRoomView>>();
    this.#link = await DispatchLink.open({
      server,
      name,
      changed: this.#options.workerChanged,
      work: async ({ id, room, access }) => {
        const over = Promise.withResolvers<void>();
        // A room that is lost while it is being greeted is told of by `serve`.
        over.promise.catch(() => {});
        const ended = (fault: Fault | null) => (fault ? over.reject(fault) : over.resolve());
        const serving = this.#rooms.serve({
          agentId: agentId ?? null,
          room,
          rules,
          access: async () => access,
          server: async () => server,
          leavesWhenEmpty: true,
          ended,
        });
        jobs.set(id, serving);
        try {
          await serving;
          await over.promise;
        } finally {
          jobs.delete(id);
        }
      },
      // One that is still on its way into the room leaves it again.
      terminate: (jobId) =>
        void jobs.get(jobId)?.then(
          (served) => this.#rooms.leave(served.id),
          () => {},
        ),
    });
    return this.#link.workerId;
  }

  async close(): Promise<void> {
    await this.#rooms.close();
    this.#link?.close();
  }

  #server(url: string | undefined): Promise<ServerAccess> {
    const sources = this.#options.sources();
    if (url === undefined) return serverAccess(sources);
    return serverAccess({ ...sources, settings: { rooms: { ...sources.settings.rooms, url } } });
  }

  async #ownAccess(url: string | undefined, room: string): Promise<() => Promise<RoomAccess>> {
    const { CONNECT_TTL_SECONDS, mintToken } = await import('./tokens.ts');
    const server = await this.#server(url);
    const identity = `agent-${randomUUID()}`;
    const options = { room, identity, name: 'Squelch', ttl: CONNECT_TTL_SECONDS, agent: true };
    return async () => ({ url: server.url, token: await mintToken(server, options) });
  }

  #givenAccess(url: string | undefined, token: string): () => Promise<RoomAccess> {
    const given = url ?? serverAddress(this.#options.sources());
    return async () => ({ url: given, token });
  }
}
