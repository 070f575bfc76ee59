/** A room with somebody else's agent, to which the window connects by itself. */
import { randomUUID } from 'node:crypto';
import type { RoomReport, RoomView } from '../../../src-preload/rooms-contract.ts';
import { Fault } from '../../fault.ts';
import { lostFault } from '../../transport/livekit/lost-fault.ts';
import type { FaultLog } from './fault-log.ts';
import { RemoteAgent } from './remote-agent.ts';
import type { ServerAccess } from './server-access.ts';
import { CONNECT_TTL_SECONDS, mintToken } from './tokens.ts';

export interface RoomAccess {
  readonly url: string;
  readonly token: string;
}

interface JoinedRoomEvents {
  changed(): void;
  readonly faults: FaultLog;
}

export class JoinedRoom {
  readonly #access: () => Promise<RoomAccess>;
  readonly #events: JoinedRoomEvents;
  /** Whom the window talks with. */
  readonly remote: RemoteAgent;
  #view: RoomView;

  /** With a token that somebody else made. */
  static withToken(url: string, token: string, events: JoinedRoomEvents): JoinedRoom {
    const { identity, room } = readToken(token);
    return new JoinedRoom({ url, identity, room }, async () => ({ url, token }), events);
  }

  /** With tokens made here. */
  static withKey(server: ServerAccess, room: string, name: string, events: JoinedRoomEvents): JoinedRoom {
    const identity = `squelch-${randomUUID()}`;
    const { url } = server;
    const access = async () => ({
      url,
      token: await mintToken(server, { room, identity, name, ttl: CONNECT_TTL_SECONDS }),
    });
    return new JoinedRoom({ url, identity, room }, access, events);
  }

  private constructor(
    { url, identity, room }: { url: string; identity: string; room: string },
    access: () => Promise<RoomAccess>,
    events: JoinedRoomEvents,
  ) {
    this.#access = access;
    this.#events = events;
    this.remote = new RemoteAgent(room);
    this.#view = {
      mode: 'joined',
      name: room,
      url,
      connection: 'connecting',
      identity,
      agent: null,
      participants: [],
      queue: [],
      guests: [],
      fault: null,
    };
  }

  get view(): RoomView {
    return this.#view;
  }

  access(): Promise<RoomAccess> {
    return this.#access();
  }

  report(report: RoomReport): void {
    this.#note(report);
    if (report.type === 'agent') this.#view = { ...this.#view, agent: report.identity };
    if (report.type === 'connection') this.#view = { ...this.#view, connection: report.state, fault: report.fault };
    this.remote.report(report);
    this.#events.changed();
  }

  #note(report: RoomReport): void {
    const { faults } = this.#events;
    if (report.type === 'connection' && report.state === 'connected') faults.mended();
    if (report.type === 'connection' && report.state === 'reconnecting') faults.note(lostFault(this.#view.url));
    if (report.type === 'agent' && report.identity === null && this.#view.agent !== null) faults.note(agentLeftFault());
    if ((report.type === 'connection' || report.type === 'refused') && report.fault) {
      const { code, message, hint } = report.fault;
      faults.note(new Fault(code, message, { hint }));
    }
  }
}

/** What a token says of its bearer; only the server can tell whether it is true. */
function readToken(token: string): { identity: string; room: string } {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const { sub, video } = claims as { sub: unknown; video?: { room?: unknown } };
    if (typeof sub === 'string' && typeof video?.room === 'string') return { identity: sub, room: video.room };
  } catch {
    // Said below.
  }
  throw new Fault('room-token-malformed', 'That is not a token for a LiveKit room', {
    hint: 'Copy the whole token; it has three parts with dots between them.',
  });
}

function agentLeftFault(): Fault {
  return new Fault('room-agent-left', 'The agent left the room', {
    hint: 'What you say is kept, and sent when there is one again.',
  });
}
