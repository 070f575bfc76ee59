/** The hooks of an agent’s coming and going, as LiveKit documents them under "Pipeline nodes and hooks", sentence by sentence. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Agent, agent } from '../../../src-main/conversation/agent.ts';
import { tool } from '../../../src-main/conversation/tool.ts';
import { converse, withHost } from '../../support/conversation.ts';
import { speech } from '../../support/speech.ts';

afterEach(() => vi.useRealTimers());

const spoken = await speech('What time is it in Lisbon?');

describe('onEnter', () => {
  test('is called when the agent becomes the active agent of the session', async () => {
    const entered: string[] = [];
    const user = await withHost({ onEnter: async (self) => void entered.push(self.session.currentAgent.id) });
    await user.start();
    expect(entered).toEqual(['host']);
  });

  test('is called once, however many turns follow', async () => {
    let count = 0;
    const user = await withHost({ onEnter: async () => void count++ });
    await user.start();
    await user.type('One.');
    await user.type('Two.');
    expect(count).toBe(1);
  });

  test('can greet with say, before anybody has spoken', async () => {
    const user = await withHost({ onEnter: async (self) => void self.session.say('Welcome.') });
    expect(await user.start()).toMatchObject({ outcome: 'completed', reply: 'Welcome.', heard: 'Welcome.' });
    expect(user.prompts).toEqual([]);
  });

  test('can greet with generateReply, and its instructions are for that reply alone', async () => {
    const user = await converse({
      agent: agent({
        id: 'host',
        instructions: 'You are a host.',
        onEnter: async (self) => void self.session.generateReply({ instructions: 'Greet the guest.' }),
      }),
      reply: 'Good evening.',
    });
    expect(await user.start()).toMatchObject({ reply: 'Good evening.' });
    await user.type('Hello.');
    expect(user.shown(0)).toEqual(['You are a host.\n\nGreet the guest.']);
    expect(user.shown(1)).toEqual(['You are a host.', 'Good evening.', 'Hello.']);
  });
});

describe('an onEnter that fails', () => {
  test('fails the turn it happens in, with its name, and that turn alone', async () => {
    let entered = 0;
    const user = await withHost({
      onEnter: async () => {
        entered += 1;
        throw new Error('out of cheese');
      },
    });
    expect((await user.type('Hello.')).error).toMatchObject({ message: 'host.onEnter failed: out of cheese' });
    expect(await user.type('Hello.')).toMatchObject({ outcome: 'completed', error: null });
    expect(entered).toBe(1);
  });

  test('rejects the start of the session, which can be talked to all the same', async () => {
    const user = await withHost({
      onEnter: async () => {
        throw new Error('out of cheese');
      },
    });
    await expect(user.start()).rejects.toMatchObject({ code: 'hook-failed', stage: 'hook' });
    expect(user.eventsOf('error')).toMatchObject([{ turnId: null, recoverable: true, error: { code: 'hook-failed' } }]);
    expect(await user.type('Hello.')).toMatchObject({ outcome: 'completed', error: null });
  });
});

describe('onExit', () => {
  test('is called before the agent gives control to another agent in the same session', async () => {
    const order: string[] = [];
    const note = (what: string) => async (self: Agent) =>
      void order.push(`${what} while ${self.session.currentAgent.id}`);
    const first = agent({ id: 'first', instructions: '', onExit: note('first exits') });
    const second = agent({ id: 'second', instructions: '', onEnter: note('second enters') });
    const user = await converse({ agent: first });
    await user.start();
    await user.session.updateAgent(second);
    expect(order).toEqual(['first exits while first', 'second enters while second']);
  });

  test('can say goodbye, in the voice of the agent that leaves, before the other greets', async () => {
    const second = agent({
      id: 'second',
      instructions: 'You are second.',
      voice: 'onyx',
      onEnter: async (self) => void self.session.say('Good evening.'),
    });
    const first = agent({
      id: 'first',
      instructions: 'You are first.',
      voice: 'alloy',
      onExit: async (self) => void self.session.generateReply({ instructions: 'Say goodbye.' }),
      tools: [tool({ name: 'hand_over', description: '', parameters: z.object({}), execute: () => second })],
    });
    const user = await converse({
      agent: first,
      reply: (messages) =>
        String(messages[0]?.content).includes('Say goodbye.')
          ? 'Goodbye.'
          : { toolCalls: [{ name: 'hand_over', arguments: {} }] },
    });
    await user.type('I want the other one.');
    expect(user.server.requests('tts').map(({ json }) => [json?.voice, json?.input])).toEqual([
      ['alloy', 'Goodbye.'],
      ['onyx', 'Good evening.'],
    ]);
    expect(user.shown(1)?.[0]).toBe('You are first.\n\nSay goodbye.');
  });

  test('a goodbye before the answer does not hold up the hook that hands over', async () => {
    const second = agent({ id: 'second', instructions: '' });
    const first = agent({
      id: 'first',
      instructions: '',
      onExit: async (self) => void self.session.say('Goodbye.'),
      onUserTurnCompleted: (self) => self.session.updateAgent(second),
    });
    const user = await converse({ agent: first, reply: 'Yes.' });
    expect(await user.type('The other one.')).toMatchObject({ outcome: 'completed', reply: 'Goodbye. Yes.' });
  });

  test('is called when the session closes', async () => {
    let exits = 0;
    const user = await withHost({ onExit: async () => void exits++ });
    await user.start();
    await user.session.close();
    expect(exits).toBe(1);
  });
});

describe('a hook that hangs', () => {
  test.each(['onEnter', 'onUserTurnCompleted', 'onExit'])(
    '%s: is ended and named, and the next turn works',
    async (name) => {
      let hangs = true;
      const user = await withHost(
        {
          [name]: () => (hangs ? new Promise(() => {}) : Promise.resolve()),
          tools: [
            tool({
              name: 'hand_over',
              description: '',
              parameters: z.object({}),
              execute: () => agent({ id: 'second', instructions: '' }),
            }),
          ],
        },
        { reply: () => (name === 'onExit' && hangs ? { toolCalls: [{ name: 'hand_over', arguments: {} }] } : 'Yes.') },
      );
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const turnId = user.send('Hello.');
      if (name === 'onExit') await user.until(() => user.eventsOf('function_tools_executed', turnId)[0]);
      await vi.waitFor(async () => {
        await vi.advanceTimersByTimeAsync(5_000);
        expect(user.eventsOf('turn_ended', turnId)).toHaveLength(1);
      });
      vi.useRealTimers();
      const { outcome, error } = await user.outcome(turnId);
      expect([outcome, error?.code, error?.stage]).toEqual(['failed', 'hook-timeout', 'hook']);
      expect(error?.message).toContain(`host.${name} `);
      hangs = false;
      expect(await user.type('Hello.')).toMatchObject({ outcome: 'completed', reply: 'Yes.' });
    },
  );

  test('is not one that waits for its own words to be heard, however long they are', async () => {
    let greeted = false;
    const user = await withHost(
      {
        async onEnter(self) {
          await self.session.say('A very long greeting.').waitForPlayout();
          greeted = true;
        },
      },
      { hearsUpTo: 4_800 },
    );
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const starting = user.session.start(user.transport);
    await user.until(() => user.eventsOf('agent_speech_heard')[0]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(user.session.agentState).toBe('speaking');
    vi.useRealTimers();
    user.session.interrupt();
    await starting;
    expect([greeted, user.eventsOf('error')]).toEqual([true, []]);
  });

  test('is one that waits for words that only the end of the hook lets be said', async () => {
    const user = await withHost({
      onUserTurnCompleted: async (self) => void (await self.session.say('Let me see.').waitForPlayout()),
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const turnId = user.send('Hello.');
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(5_000);
      expect(user.eventsOf('turn_ended', turnId)).toHaveLength(1);
    });
    vi.useRealTimers();
    expect((await user.outcome(turnId)).error?.code).toBe('hook-timeout');
  });

  test('onUserTurnExceeded: the user may speak on, and the turn says so', async () => {
    const user = await withHost(
      { userTurnLimit: { maxDurationMs: 500 }, onUserTurnExceeded: () => new Promise(() => {}) },
      { transcript: 'A story.', reply: 'Yes.' },
    );
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const turnId = user.press();
    user.speak(spoken);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(user.session.userState).toBe('speaking');
    vi.useRealTimers();
    user.release();
    const { outcome, error } = await user.outcome(turnId);
    expect([outcome, error?.code, error?.message]).toEqual([
      'failed',
      'hook-timeout',
      expect.stringContaining('host.onUserTurnExceeded '),
    ]);
  });
});
