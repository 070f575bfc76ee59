/** `squelch room`: an agent in a LiveKit room, or in every room that the server dispatches, until it is stopped. */
import type { EventPayload } from '../../../src-preload/contract.ts';
import type { ServedRoomView, ServeRoom } from '../../../src-preload/rooms-contract.ts';
import { Fault } from '../../fault.ts';
import { openApp } from './open-app.ts';
import { EXIT, mention, report, reportNotice, UsageError } from './report.ts';
import { untilStopped } from './until-stopped.ts';

interface RoomOptions {
  readonly url?: string;
  readonly agent?: string;
  readonly queue?: boolean;
  readonly openMicrophone?: boolean;
  readonly serverRecording?: boolean;
  readonly json?: boolean;
  readonly home?: string;
}

export interface JoinOptions extends RoomOptions {
  readonly room?: string;
  readonly token?: string;
}

export interface WorkOptions extends RoomOptions {
  readonly name: string;
}

/** Runs until it is told to stop, or the room is lost for good. @returns the exit status. @throws UsageError, Fault */
export async function joinRoom(options: JoinOptions): Promise<number> {
  const { url, token, json = false } = options;
  const room = options.room ?? (token === undefined ? undefined : roomOf(token));
  if (room === undefined) throw new UsageError('say which --room, or give a --token');
  const stopped = untilStopped();
  const app = await openApp(options.home, 'cli');
  const lost = Promise.withResolvers<never>();
  try {
    const rooms = new RoomWatch((served) => {
      if (served.connection === 'disconnected') lost.reject(lostFault(served));
    });
    const window = app.connect({ event: (name, payload) => rooms.observe(name, payload), packet: () => {} });
    const served = (await window.invoke('room.serve', {
      room,
      ...address(url, token),
      ...common(options),
    })) as ServedRoomView;
    const { identity, agentId, sessionId } = served;
    report(
      json,
      { room, identity, agentId, sessionId },
      `${agentId} is in the room ${room} as ${identity}. Ctrl+C ends it.`,
    );
    await Promise.race([stopped, lost.promise]);
  } finally {
    await app.close();
  }
  return EXIT.done;
}

/** Runs until it is told to stop. @returns the exit status. @throws Fault */
export async function workRooms(options: WorkOptions): Promise<number> {
  const { url, name, json = false } = options;
  const stopped = untilStopped();
  const app = await openApp(options.home, 'cli');
  try {
    const rooms = new RoomWatch(() => {});
    const window = app.connect({ event: (event, payload) => rooms.observe(event, payload), packet: () => {} });
    const input = { name, ...address(url, undefined), ...common(options) };
    const { workerId } = (await window.invoke('room.work', input)) as { workerId: string };
    report(json, { workerId, name }, `Registered as ${workerId}. Ctrl+C ends it.`);
    await stopped;
  } finally {
    await app.close();
  }
  return EXIT.done;
}

/** Says what happens in the rooms, on standard error. */
class RoomWatch {
  readonly #changed: (room: ServedRoomView) => void;
  #before: readonly ServedRoomView[] = [];

  constructor(changed: (room: ServedRoomView) => void) {
    this.#changed = changed;
  }

  observe(name: string, payload: unknown): void {
    if (name === 'room.working') {
      const { fault } = payload as EventPayload<'room.working'>;
      if (fault) reportNotice(fault);
    }
    if (name !== 'room.serving') return;
    const rooms = payload as EventPayload<'room.serving'>;
    for (const room of rooms)
      this.#tell(
        room,
        this.#before.find(({ id }) => id === room.id),
      );
    for (const { id, room } of this.#before) {
      if (!rooms.some((one) => one.id === id)) mention(`${room}: left.`);
    }
    this.#before = rooms;
  }

  #tell(room: ServedRoomView, before: ServedRoomView | undefined): void {
    const was = before?.people ?? [];
    for (const { identity, name } of room.people) {
      if (!was.some((one) => one.identity === identity)) mention(`${room.room}: ${name} came.`);
    }
    for (const { identity, name } of was) {
      if (!room.people.some((one) => one.identity === identity)) mention(`${room.room}: ${name} left.`);
    }
    if (room.fault && room.fault.message !== before?.fault?.message) reportNotice(room.fault);
    this.#changed(room);
  }
}

function address(url: string | undefined, token: string | undefined): Pick<ServeRoom, 'url' | 'token'> {
  return { ...(url === undefined ? {} : { url }), ...(token === undefined ? {} : { token }) };
}

function common({ agent, queue, openMicrophone, serverRecording }: RoomOptions): Pick<ServeRoom, 'agentId' | 'rules'> {
  return {
    ...(agent === undefined ? {} : { agentId: agent }),
    rules: {
      ...(queue ? { whenHeld: 'queue' as const } : {}),
      ...(openMicrophone ? { listening: 'open-microphone' as const } : {}),
      ...(serverRecording ? { serverRecording } : {}),
    },
  };
}

/** Named in the token itself; only the server can tell whether it is true. */
function roomOf(token: string): string {
  try {
    const { video } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof video?.room === 'string') return video.room;
  } catch {
    // Said below.
  }
  throw new UsageError('--token is not a token for a LiveKit room');
}

function lostFault({ fault, room }: ServedRoomView): Fault {
  return fault
    ? new Fault(fault.code, fault.message, { hint: fault.hint })
    : new Fault('room-lost', `The room ${room} was lost`, { hint: 'Join it again.' });
}
