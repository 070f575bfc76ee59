/** Handing over: a tool returns another agent. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Agent, agent } from '../../../src-main/conversation/agent.ts';
import { ChatContext } from '../../../src-main/conversation/chat-context.ts';
import { type Handoff, tool } from '../../../src-main/conversation/tool.ts';
import { converse } from '../../support/conversation.ts';

const handOver = (to: () => Agent | Handoff, name = 'hand_over') =>
  tool({ name, description: '', parameters: z.object({}), execute: to });

/** The model hands over at the first question and answers every other one. */
const handsOverFirst = (messages: readonly { role: string }[]) =>
  messages.some(({ role }) => role === 'tool') || messages.filter(({ role }) => role === 'user').length > 1
    ? 'Now it is me.'
    : { toolCalls: [{ name: 'hand_over', arguments: {} }] };

describe('a handoff', () => {
  test('leaves the one agent before it enters the other', async () => {
    const order: string[] = [];
    const second = agent({ id: 'second', instructions: '', onEnter: async () => void order.push('second enters') });
    const first = agent({
      id: 'first',
      instructions: '',
      onExit: async () => void order.push('first leaves'),
      tools: [handOver(() => second)],
    });
    const user = await converse({ agent: first, reply: handsOverFirst });
    await user.type('Hello.');
    expect(order).toEqual(['first leaves', 'second enters']);
    expect(user.session.currentAgent.id).toBe('second');
  });

  test('is an item of the conversation, in order', async () => {
    const second = agent({ id: 'second', instructions: '' });
    const first = agent({
      id: 'first',
      instructions: '',
      tools: [handOver(() => second)],
    });
    const user = await converse({ agent: first, reply: handsOverFirst });
    const turn = await user.type('Hello.');
    const items = user.eventsOf('conversation_item_added', turn.id).map(({ item }) => item);
    expect(items.map(({ type }) => type)).toEqual([
      'message',
      'function_call',
      'function_call_output',
      'agent_handoff',
    ]);
    expect(items.at(-1)).toMatchObject({ from: 'first', to: 'second' });
  });

  test('with a result, the new agent answers at once, with its own instructions, voice and tools', async () => {
    const second = agent({ id: 'second', instructions: 'You are second.', voice: 'onyx' });
    const first = agent({
      id: 'first',
      instructions: 'You are first.',
      tools: [handOver(() => ({ agent: second, result: 'Done.' }))],
    });
    const user = await converse({ agent: first, reply: handsOverFirst });
    expect((await user.type('Hello.')).reply).toBe('Now it is me.');
    const request = user.server.requests('llm').at(-1)?.json;
    expect(user.prompts.at(-1)?.[0]).toEqual({ role: 'system', content: 'You are second.' });
    expect(request?.tools).toBeUndefined();
    expect(user.server.requests('tts').at(-1)?.json?.voice).toBe('onyx');
  });

  test('without a result, the new agent waits to be spoken to', async () => {
    const second = agent({ id: 'second', instructions: '' });
    const first = agent({
      id: 'first',
      instructions: '',
      tools: [handOver(() => second)],
    });
    const user = await converse({ agent: first, reply: handsOverFirst });
    expect((await user.type('Hello.')).reply).toBe('');
    expect((await user.type('Are you there?')).reply).toBe('Now it is me.');
  });

  test('an agent that greets in onEnter is heard in the same turn, once', async () => {
    const second = agent({
      id: 'second',
      instructions: '',
      onEnter: async (self) => void self.session.say('I am second.'),
    });
    const first = agent({
      id: 'first',
      instructions: '',
      tools: [handOver(() => ({ agent: second, result: 'Done.' }))],
    });
    const user = await converse({ agent: first, reply: handsOverFirst });
    expect((await user.type('Hello.')).reply).toBe('I am second.');
    expect(user.prompts).toHaveLength(1);
  });

  test('carries the conversation over to an agent that brings none of its own', async () => {
    const user = await converse({ agent: agent({ id: 'first', instructions: '' }), reply: 'Yes.' });
    await user.type('My name is Ada.');
    await user.session.updateAgent(agent({ id: 'second', instructions: '' }));
    await user.type('What is my name?');
    expect(user.shown(1)).toEqual(['My name is Ada.', 'Yes.', 'What is my name?']);
  });

  test('an agent that brings a conversation knows that one alone', async () => {
    const brought = new ChatContext();
    brought.addMessage({ role: 'assistant', content: 'In short: the user is Ada.' });
    const user = await converse({ agent: agent({ id: 'first', instructions: '' }), reply: 'Yes.' });
    await user.type('A long story.');
    await user.session.updateAgent(agent({ id: 'second', instructions: '', chatCtx: brought }));
    await user.type('Who am I?');
    expect(user.shown(1)).toEqual(['In short: the user is Ada.', 'Who am I?']);
    expect(user.session.history.items.length).toBeGreaterThan(4);
  });

  test('an onExit that fails keeps the agent, and the turn says so', async () => {
    let fails = true;
    const first = agent({
      id: 'first',
      instructions: '',
      onExit: async () => {
        if (fails) throw new Error('not yet');
      },
      tools: [handOver(() => agent({ id: 'second', instructions: '' }))],
    });
    const user = await converse({ agent: first, reply: handsOverFirst });
    expect((await user.type('Hello.')).error).toMatchObject({ message: 'first.onExit failed: not yet' });
    expect(user.session.currentAgent.id).toBe('first');
    fails = false;
    expect(await user.type('Again.')).toMatchObject({ outcome: 'completed' });
  });

  test('of two at once the first is followed, and both calls have their outputs', async () => {
    const to = (id: string) => handOver(() => agent({ id, instructions: '' }), `to_${id}`);
    const user = await converse({
      agent: agent({ id: 'first', instructions: '', tools: [to('second'), to('third')] }),
      reply: {
        toolCalls: [
          { name: 'to_second', arguments: {} },
          { name: 'to_third', arguments: {} },
        ],
      },
    });
    await user.type('Hello.');
    expect(user.steps).toEqual(['to_second', 'to_third', '→ second']);
    expect(user.session.history.items.filter(({ type }) => type === 'function_call_output')).toHaveLength(2);
  });

  test('beside another call, whose result the new agent tells', async () => {
    const weather = tool({ name: 'weather', description: '', execute: () => 'grey' });
    const first = agent({
      id: 'first',
      instructions: '',
      tools: [weather, handOver(() => agent({ id: 'second', instructions: 'You are second.' }))],
    });
    const user = await converse({
      agent: first,
      reply: (messages) =>
        messages.at(-1)?.role === 'tool'
          ? `${messages[0]?.content} It is ${messages.at(-2)?.content}.`
          : {
              toolCalls: [
                { name: 'weather', arguments: {} },
                { name: 'hand_over', arguments: {} },
              ],
            },
    });
    expect((await user.type('Hello.')).reply).toBe('You are second. It is grey.');
  });

  test('to the agent itself changes nothing, and it goes on', async () => {
    const hooks: string[] = [];
    const only: Agent = agent({
      id: 'only',
      instructions: '',
      onEnter: async () => void hooks.push('enters'),
      onExit: async () => void hooks.push('leaves'),
      tools: [handOver(() => ({ agent: only, result: 'Done.' }))],
    });
    const user = await converse({ agent: only, reply: handsOverFirst });
    expect((await user.type('Hello.')).reply).toBe('Now it is me.');
    expect(hooks).toEqual(['enters']);
    expect(user.steps).toEqual(['hand_over']);
  });

  test('to an agent whose onEnter fails is made, and the turn says so', async () => {
    const second = agent({
      id: 'second',
      instructions: '',
      onEnter: async () => {
        throw new Error('no keys');
      },
    });
    const user = await converse({
      agent: agent({ id: 'first', instructions: '', tools: [handOver(() => second)] }),
      reply: handsOverFirst,
    });
    expect(await user.type('Hello.')).toMatchObject({
      outcome: 'failed',
      error: { message: 'second.onEnter failed: no keys' },
    });
    expect(user.session.currentAgent.id).toBe('second');
    expect(user.steps).toEqual(['hand_over', '→ second']);
    expect((await user.type('Are you there?')).reply).toBe('Now it is me.');
  });
});
