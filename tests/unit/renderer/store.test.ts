/** What the window knows, when what it asked for and what it is told cross on the way. */
import { expect, test } from 'vitest';
import type { Bridge } from '../../../src-preload/bridge.ts';
import type { TurnView } from '../../../src-preload/contract.ts';
import { createWindowStore } from '../../../src-renderer/store.ts';

const THINKING = { id: 'a', phase: 'thinking', outcome: null } as TurnView;
const FAILED = { id: 'a', phase: null, outcome: 'failed' } as TurnView;
const NEXT = { id: 'b', phase: 'thinking', outcome: null } as TurnView;

test('a turn that has ended is not shown as going on by an answer that is older', async () => {
  const told = new Map<string, (payload: never) => void>();
  const answer = Promise.withResolvers<unknown>();
  let connect: (connected: boolean) => void = () => {};
  const bridge: Bridge = {
    invoke: (name) => (name === 'conversation.get' ? answer.promise : Promise.resolve(null)) as Promise<never>,
    on: (name, listener) => {
      told.set(name, listener);
      return () => {};
    },
    onConnection: (listener) => {
      connect = listener;
      return () => {};
    },
    openAudio: () => Promise.reject(new Error('silent')),
  };
  const store = createWindowStore(bridge);
  connect(true);
  told.get('turn.changed')?.(FAILED as never);
  answer.resolve({ conversation: store.getState().conversation, turns: [THINKING, NEXT], approvals: [] });
  await expect.poll(() => store.getState().turns).toEqual([FAILED, NEXT]);
});
