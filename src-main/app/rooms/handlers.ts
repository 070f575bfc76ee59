/** What the commands about rooms do. */
import type { roomCommands } from '../../../src-preload/rooms-contract.ts';
import { Fault } from '../../fault.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../handlers.ts';

export function roomHandlers({ rooms }: Core): Pick<Handlers, keyof typeof roomCommands> {
  return {
    'room.get': () => rooms.view(),
    'room.setCredentials': async ({ credentials }) => {
      await rooms.setCredentials(credentials);
      return {};
    },
    'room.share': () => notShared(),
    'room.invite': () => notShared(),
    'room.revoke': () => notShared(),
    'room.join': (to) => rooms.join(to),
    'room.access': () => rooms.access(),
    'room.report': (report) => {
      rooms.report(report);
      return {};
    },
    'room.leave': async () => {
      await rooms.leave();
      return {};
    },
  };
}

function notShared(): never {
  throw new Fault('room-not-shared', 'This conversation is not shared, and can’t be yet', {
    hint: 'Join a room instead.',
  });
}
