/** Agents of this Squelch in rooms that nobody sits at: any number of rooms in one process, each a conversation of its own. */
import { randomUUID } from 'node:crypto';
import type { ServedRoomView, ServeRoom } from '../../../src-preload/rooms-contract.ts';
import type { Settings } from '../../../src-preload/settings.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { Fault, reportFault, toFault } from '../../fault.ts';
import type { RecordEvent } from './fault-log.ts';
import type { RoomAccess } from './joined-room.ts';
import type { RoomAgent } from './room-agent.ts';
import type { ServerAccess } from './server-access.ts';
import type { RecordedRoom } from './server-recording.ts';

export interface ServedRoomsOptions {
  /** A conversation of its own, kept in the log. @param agentId null is the agent of the settings. @throws Fault */
  readonly openSession: (agentId: string | null) => AgentSession;
  readonly rules: () => Settings['rooms'];
  readonly changed: (rooms: ServedRoomView[]) => void;
  readonly record: RecordEvent;
}

export interface ServeOptions {
  readonly agentId: string | null;
  /** Name of the room, for people. */
  readonly room: string;
  /** Of the agent, asked for before every attempt to connect. */
  access(): Promise<RoomAccess>;
  /** Where the room is, with a key: asked to record. @throws Fault when there is no key */
  server(): Promise<ServerAccess>;
  /** Instead of those of the settings. */
  readonly rules?: ServeRoom['rules'] | undefined;
  /** Leaves when nobody has been there for a while. */
  readonly leavesWhenEmpty?: boolean;
  /** Called once, when it has left. @param fault why, if it was not asked to */
  readonly ended?: (fault: Fault | null) => void;
}

const EMPTY_MS = 15_000;

export class ServedRooms {
  readonly #options: ServedRoomsOptions;
  readonly #rooms = new Map<string, ServedRoom>();
  readonly #endings = new Set<Promise<void>>();
  #closed = false;

  constructor(options: ServedRoomsOptions) {
    this.#options = options;
  }

  get all(): ServedRoomView[] {
    return [...this.#rooms.values()].filter(({ entered }) => entered).map(({ view }) => view);
  }

  /** @throws Fault when the room can't be joined, or the agent can't be had */
  async serve(options: ServeOptions): Promise<ServedRoomView> {
    const { openSession, rules, record } = this.#options;
    if (this.#closed) throw leftFault(options.room);
    const id = randomUUID();
    const room = new ServedRoom(id, openSession(options.agentId), options, {
      changed: () => this.#options.changed(this.all),
      over: (fault) => void this.#end(id, fault),
    });
    const current = (): Rules => {
      const { whenHeld, listening, serverRecording } = rules();
      return {
        whenHeld: options.rules?.whenHeld ?? whenHeld,
        listening: options.rules?.listening ?? listening,
        serverRecording: options.rules?.serverRecording ?? serverRecording,
      };
    };
    this.#rooms.set(id, room);
    try {
      await room.join(current, record);
      if (this.#closed || !this.#rooms.has(id)) throw leftFault(options.room);
    } catch (thrown) {
      this.#rooms.delete(id);
      await room.close();
      throw thrown;
    }
    this.#options.changed(this.all);
    return room.view;
  }

  async leave(id: string): Promise<void> {
    await this.#end(id, null);
  }

  /** Also those that are still on their way in, or out. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const id of this.#rooms.keys()) void this.#end(id, null);
    await Promise.all(this.#endings);
  }

  #end(id: string, fault: Fault | null): Promise<void> {
    const room = this.#rooms.get(id);
    if (!room) return Promise.resolve();
    this.#rooms.delete(id);
    const ending = this.#leave(room, fault).finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
    return ending;
  }

  async #leave(room: ServedRoom, fault: Fault | null): Promise<void> {
    const { entered } = room;
    await room.close();
    if (entered) room.options.ended?.(fault);
    this.#options.changed(this.all);
  }
}

function leftFault(room: string): Fault {
  return new Fault('room-left', `The room ${room} was left before Squelch was in it`, { hint: 'Join it again.' });
}

type Rules = Pick<Settings['rooms'], 'whenHeld' | 'listening' | 'serverRecording'>;

interface ServedRoomEvents {
  changed(): void;
  /** It will not be in the room again by itself. */
  over(fault: Fault | null): void;
}

class ServedRoom {
  readonly options: ServeOptions;
  readonly #id: string;
  readonly #session: AgentSession;
  readonly #events: ServedRoomEvents;
  #agent: RoomAgent | null = null;
  #fault: Fault | null = null;
  #emptyTimer: NodeJS.Timeout | null = null;
  #entering: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(id: string, session: AgentSession, options: ServeOptions, events: ServedRoomEvents) {
    this.#id = id;
    this.#session = session;
    this.options = options;
    this.#events = events;
  }

  get view(): ServedRoomView {
    const state = this.#agent?.state;
    return {
      id: this.#id,
      room: this.options.room,
      sessionId: this.#session.id,
      agentId: this.#session.currentAgent.id,
      identity: state?.agent ?? '',
      connection: state?.connection ?? 'connecting',
      people: state?.present.filter(({ agent }) => !agent).map(({ identity, name }) => ({ identity, name })) ?? [],
      keyHolder: state?.keyHolder ?? null,
      fault: this.#fault && reportFault(this.#fault),
    };
  }

  /** Whether it has been in the room. */
  get entered(): boolean {
    return this.#agent !== null;
  }

  async join(rules: () => Rules, record: RecordEvent): Promise<void> {
    const entering = this.#enter(rules, record);
    this.#entering = entering.then(
      () => {},
      () => {},
    );
    await this.#session.start((await entering).voice);
    this.#changed();
  }

  async #enter(rules: () => Rules, record: RecordEvent): Promise<RoomAgent> {
    const { RoomAgent } = await import('./room-agent.ts');
    const agent = await RoomAgent.join({
      session: this.#session,
      access: () => this.options.access(),
      rules,
      record,
      admits: () => true,
      owner: null,
      changed: () => this.#changed(),
      fault: (fault) => this.#failed(fault),
      recorded: async () => (rules().serverRecording ? this.#recorded() : null),
      unrecorded: (fault) => this.#failed(fault),
    });
    this.#agent = agent;
    this.#changed();
    return agent;
  }

  async close(): Promise<void> {
    await this.#entering;
    if (this.#emptyTimer) clearTimeout(this.#emptyTimer);
    this.#closed = true;
    await this.#agent?.close();
    await this.#session.close();
    await this.#agent?.recorded();
  }

  #failed(fault: Fault | null): void {
    this.#fault = fault;
    this.#changed();
  }

  async #recorded(): Promise<RecordedRoom> {
    const { room, server } = this.options;
    try {
      return { server: await server(), room };
    } catch (thrown) {
      const { notAskedFault } = await import('./egress-faults.ts');
      throw notAskedFault(room, toFault(thrown));
    }
  }

  #changed(): void {
    if (this.#closed) return;
    const { people, connection } = this.view;
    if (this.#agent && connection === 'disconnected') this.#events.over(this.#fault);
    if (this.options.leavesWhenEmpty) this.#watchEmpty(people.length === 0);
    this.#events.changed();
  }

  #watchEmpty(empty: boolean): void {
    if (!empty && this.#emptyTimer) {
      clearTimeout(this.#emptyTimer);
      this.#emptyTimer = null;
    } else if (empty) this.#emptyTimer ??= setTimeout(() => this.#events.over(null), EMPTY_MS);
  }
}
