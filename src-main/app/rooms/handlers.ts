/** What the commands about rooms do. */
import type { roomCommands } from '../../../src-preload/rooms-contract.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../handler.ts';
import { trial } from '../trial.ts';

export function roomHandlers({ rooms, serving }: Core): Pick<Handlers, keyof typeof roomCommands> {
  return {
    'room.get': () => rooms.view(),
    'room.setCredentials': async ({ credentials }) => {
      await rooms.setCredentials(credentials);
      return {};
    },
    'room.test': () => trial(() => rooms.test()),
    'room.share': ({ name }) => rooms.share(name),
    'room.invite': ({ name, expiresInMs }) => rooms.invite(name, expiresInMs),
    'room.revoke': ({ guestId }) => {
      rooms.revoke(guestId);
      return {};
    },
    'room.join': (to) => rooms.join(to),
    'room.access': () => rooms.access(),
    'room.report': (report) => {
      rooms.report(report);
      return {};
    },
    'room.serve': (room) => serving.serve(room),
    'room.work': async (rooms) => ({ workerId: await serving.work(rooms) }),
    'room.leave': async () => {
      await rooms.leave();
      return {};
    },
  };
}
