import { expect, test } from 'vitest';
import { z } from 'zod';
import { Agent } from '../../../src-main/conversation/agent.ts';
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
