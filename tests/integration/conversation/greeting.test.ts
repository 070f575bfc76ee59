import { expect, test } from 'vitest';
import { z } from 'zod';
import { Agent, agent } from '../../../src-main/conversation/agent.ts';
import { tool } from '../../../src-main/conversation/tool.ts';
import { converse } from '../../support/conversation.ts';
import type { Reply } from '../../support/provider-server.ts';

/** Waits in onEnter until its greeting was heard. */
class Patient extends Agent {
  greeted = false;

  override async onEnter(): Promise<void> {
    await this.session.say(`This is ${this.id}.`).waitForPlayout();
    this.greeted = true;
  }
}

test('an agent may wait in onEnter until its greeting was heard', async () => {
  const agent = new Patient({ id: 'one', instructions: '' });
  const conversation = await converse({ agent, reply: 'Yes.' });
  expect(await conversation.start()).toMatchObject({ outcome: 'completed', reply: 'This is one.' });
  expect(agent.greeted).toBe(true);
});

test('an agent that takes over may wait for its greeting too, and a tool for what it says', async () => {
  const two = new Patient({ id: 'two', instructions: '' });
  const handOver = tool({
    name: 'hand_over',
    description: 'Hands over.',
    parameters: z.object({}),
    async execute(_input, { session }) {
      await session.say('One moment. ').waitForPlayout();
      return two;
    },
  });
  const script: Reply[] = [{ toolCalls: [{ name: 'hand_over', arguments: {} }] }];
  const conversation = await converse({
    agent: new Agent({ id: 'one', instructions: '', tools: [handOver] }),
    reply: () => script.shift() ?? 'Nothing more.',
  });
  expect(await conversation.type('Hand over.')).toMatchObject({
    outcome: 'completed',
    reply: 'One moment. This is two.',
  });
  expect(two.greeted).toBe(true);
});

test('an agent that nobody let in before greets in the first turn: the greeting comes first, to ear, model and log', async () => {
  const conversation = await converse({ agent: new Patient({ id: 'one', instructions: 'Be kind.' }), reply: 'Yes.' });
  const turn = await conversation.type('Are you there?');
  expect(turn).toMatchObject({ outcome: 'completed', user: 'Are you there?', reply: 'This is one. Yes.' });
  expect(conversation.shown(0)).toEqual(['Be kind.', 'This is one.', 'Are you there?']);
  await conversation.type('And now?');
  const told = ['This is one.', 'Are you there?', 'Yes.', 'And now?'];
  expect(conversation.shown(1)).toEqual(['Be kind.', ...told]);
  expect(conversation.session.history.items).toMatchObject([...told, 'Yes.'].map((words) => ({ content: [words] })));
});

test('what a hook says after the user spoke is remembered after the user’s words', async () => {
  const conversation = await converse({
    agent: agent({
      id: 'one',
      instructions: '',
      onUserTurnCompleted: async (self) => void self.session.say('Let me see. '),
    }),
    reply: 'Yes.',
  });
  expect((await conversation.type('Are you there?')).reply).toBe('Let me see. Yes.');
  expect(conversation.shown(0)).toEqual(['Are you there?', 'Let me see. ']);
});

test('an agent whose onEnter looks something up first still greets before it answers', async () => {
  const found = Promise.withResolvers<string>();
  const conversation = await converse({
    agent: agent({
      id: 'one',
      instructions: '',
      onEnter: async (self) => void self.session.say(`Good evening, ${await found.promise}. `),
    }),
    reply: 'Yes.',
  });
  const turnId = conversation.send('Are you there?');
  await conversation.until(() => conversation.session.agentState === 'thinking');
  found.resolve('Ada');
  expect((await conversation.outcome(turnId)).reply).toBe('Good evening, Ada. Yes.');
  expect(conversation.shown(0)).toEqual(['Good evening, Ada. ', 'Are you there?']);
});

test('words typed while an agent greets cut its greeting short, and are answered', async () => {
  const conversation = await converse({
    agent: agent({
      id: 'one',
      instructions: '',
      onEnter: async (self) => void self.session.say('A long good evening.'),
    }),
    reply: 'Yes.',
    hearsUpTo: 9_600,
  });
  await conversation.session.start(conversation.transport);
  await conversation.until(() => conversation.eventsOf('agent_speech_heard').some(({ heardText }) => heardText !== ''));
  const greeting = conversation.eventsOf('turn_started')[0]?.turnId ?? '';
  const typed = conversation.send('Are you there?');
  const { outcome, heard } = await conversation.outcome(greeting);
  expect(outcome).toBe('interrupted');
  await conversation.until(() => conversation.eventsOf('agent_text_generated', typed)[0]);
  expect(conversation.shown(0)).toEqual([heard, 'Are you there?']);
});

test('what was written before a turn ended early is kept, and known to the model of the next one', async () => {
  const entered = Promise.withResolvers<void>();
  class Slow extends Agent {
    override onEnter(): Promise<void> {
      return entered.promise;
    }
  }
  const conversation = await converse({ agent: new Slow({ id: 'slow', instructions: '' }), reply: 'Yes.' });
  const first = conversation.send('One?');
  const second = conversation.send('Two?');
  expect(await conversation.outcome(first)).toMatchObject({ outcome: 'interrupted', user: 'One?' });
  entered.reject(new Error('no way in'));
  expect(await conversation.outcome(second)).toMatchObject({ outcome: 'failed', user: 'Two?' });
  expect(await conversation.type('Three?')).toMatchObject({ outcome: 'completed' });
  expect(conversation.prompts.at(-1)?.map(({ content }) => content)).toEqual(['One?', 'Two?', 'Three?']);
});

test('words that are on their way through a hook when the turn is interrupted are said once', async () => {
  const hook = Promise.withResolvers<void>();
  class Thorough extends Agent {
    override onUserTurnCompleted(): Promise<void> {
      return hook.promise;
    }
  }
  const conversation = await converse({ agent: new Thorough({ id: 'thorough', instructions: '' }), reply: 'Yes.' });
  const first = conversation.send('One?');
  await new Promise((resolve) => setImmediate(resolve));
  const second = conversation.send('Two?');
  hook.resolve();
  await conversation.outcome(second);
  expect(conversation.eventsOf('user_speech_committed', first)).toHaveLength(1);
  expect(conversation.prompts.at(-1)?.map(({ content }) => content)).toEqual(['One?', 'Two?']);
});
