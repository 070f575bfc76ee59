/** A room that can't be joined leaves the conversation as it was: nobody goes on listening to it. */
import { expect, it } from 'vitest';
import { RoomAgent } from '../../../src-main/app/rooms/room-agent.ts';
import { withHost } from '../../support/conversation.ts';

it('lets go of the conversation when its room can’t be joined', { timeout: 60_000 }, async () => {
  const { session } = await withHost({}, { transcript: 'Hello.', reply: 'Hello.' });
  let listening = 0;
  for (const name of ['on', 'onState'] as const) {
    const listen = session[name].bind(session) as (...given: unknown[]) => () => void;
    Object.assign(session, {
      [name]: (...given: unknown[]) => {
        const stop = listen(...given);
        listening += 1;
        return () => {
          listening -= 1;
          stop();
        };
      },
    });
  }
  const joining = RoomAgent.join({
    session,
    rules: () => ({ whenHeld: 'refuse', listening: 'push-to-talk' }),
    admits: () => true,
    owner: null,
    access: async () => ({ url: 'ws://127.0.0.1:9', token: 'none' }),
    changed: () => {},
    fault: () => {},
    record: () => {},
    recorded: async () => null,
    unrecorded: () => {},
  });
  expect(listening).toBeGreaterThan(0);
  await expect(joining).rejects.toMatchObject({ code: 'room-server-unreachable' });
  expect(listening).toBe(0);
});
