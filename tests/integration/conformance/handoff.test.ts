/** Handing over: a tool returns another agent. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Agent, agent } from '../../../src-main/conversation/agent.ts';
import { ChatContext } from '../../../src-main/conversation/chat-context.ts';
import { type Handoff, tool } from '../../../src-main/conversation/tool.ts';
import { textOf } from '../../../src-main/speech/llm/chat.ts';
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
          ? `${messages[0]?.content} It is ${messages.find(({ role, content }) => role === 'tool' && content)?.content}.`
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

describe('updateAgent', () => {
  test('while the agent speaks lets it finish, and the other knows what it said', async () => {
    const first = agent({ id: 'first', instructions: '' });
    const reply = 'One two three. Four five six. Seven eight nine.';
    const user = await converse({ agent: first, reply, latencies: { tokensPerSecond: 30 } });
    const turnId = user.send('Count.');
    await user.until(() => user.eventsOf('agent_text_generated', turnId)[0]);
    await user.session.updateAgent(agent({ id: 'second', instructions: '' }));
    expect(await user.outcome(turnId)).toMatchObject({ outcome: 'completed', error: null, reply });
    await user.type('And then?');
    expect(user.shown(1)).toEqual(['Count.', reply, 'And then?']);
  });

  test('while the agent thinks lets it answer, and the other knows what it said', async () => {
    const begun = Promise.withResolvers<void>();
    const handedOver = Promise.withResolvers<void>();
    const first = agent({
      id: 'first',
      instructions: '',
      async *llmNode(self, chatCtx, tools, settings) {
        begun.resolve();
        await handedOver.promise;
        yield* Agent.default.llmNode(self, chatCtx, tools, settings) ?? [];
      },
    });
    const user = await converse({ agent: first, reply: 'It is noon.' });
    const turnId = user.send('What time is it?');
    await begun.promise;
    await user.session.updateAgent(agent({ id: 'second', instructions: '' }));
    handedOver.resolve();
    expect(await user.outcome(turnId)).toMatchObject({ outcome: 'completed', error: null, reply: 'It is noon.' });
    await user.type('Thanks.');
    expect(user.shown(1)).toEqual(['What time is it?', 'It is noon.', 'Thanks.']);
  });

  test('of two at once one follows the other: everyone who enters leaves', async () => {
    const order: string[] = [];
    const noting = (id: string) =>
      agent({
        id,
        instructions: '',
        onEnter: async () => void order.push(`${id} enters`),
        onExit: async () => void order.push(`${id} leaves`),
      });
    const user = await converse({ agent: noting('first') });
    await user.start();
    await Promise.all([user.session.updateAgent(noting('second')), user.session.updateAgent(noting('third'))]);
    expect(order).toEqual(['first enters', 'first leaves', 'second enters', 'second leaves', 'third enters']);
    expect(user.steps).toEqual(['→ second', '→ third']);
  });

  test('from onEnter hands on at once', async () => {
    const third = agent({ id: 'third', instructions: '' });
    const second = agent({ id: 'second', instructions: '', onEnter: (self) => self.session.updateAgent(third) });
    const user = await converse({ agent: agent({ id: 'first', instructions: '' }), reply: 'Yes.' });
    await user.start();
    await user.session.updateAgent(second);
    expect(user.steps).toEqual(['→ second', '→ third']);
    expect(await user.type('Hello.')).toMatchObject({ outcome: 'completed', reply: 'Yes.' });
  });

  test('from onExit is refused: it leaves already', async () => {
    let leaves = 0;
    const first = agent({
      id: 'first',
      instructions: '',
      async onExit(self) {
        leaves += 1;
        if (leaves === 1) await self.session.updateAgent(agent({ id: 'third', instructions: '' }));
      },
    });
    const user = await converse({ agent: first, reply: 'Yes.' });
    await user.start();
    const second = agent({ id: 'second', instructions: '' });
    await expect(user.session.updateAgent(second)).rejects.toMatchObject({ code: 'agent-leaving', stage: 'hook' });
    expect(user.session.currentAgent.id).toBe('first');
    await user.session.updateAgent(second);
    expect(user.steps).toEqual(['→ second']);
  });

  test('from onUserTurnCompleted has the other answer, who remembers the question', async () => {
    const second = agent({ id: 'second', instructions: 'You are second.' });
    const first = agent({
      id: 'first',
      instructions: 'You are first.',
      async onUserTurnCompleted(self, turnCtx) {
        turnCtx.addMessage({ role: 'system', content: 'It is noon.' });
        await self.session.updateAgent(second);
      },
    });
    const user = await converse({ agent: first, reply: 'Yes.' });
    await user.type('Is it noon?');
    await user.type('Really?');
    expect(user.shown(0)).toEqual(['You are second.', 'It is noon.', 'Is it noon?']);
    expect(user.shown(1)).toEqual(['You are second.', 'Is it noon?', 'Yes.', 'Really?']);
  });

  test('from onUserTurnCompleted to an agent with a conversation of its own has it know that one alone', async () => {
    const chatCtx = new ChatContext();
    chatCtx.addMessage({ role: 'assistant', content: 'In short: the user is Ada.' });
    const second = agent({ id: 'second', instructions: '', chatCtx });
    const first = agent({
      id: 'first',
      instructions: '',
      onUserTurnCompleted: async (self, _, message) => {
        if (textOf(message) === 'Who am I?') await self.session.updateAgent(second);
      },
    });
    const user = await converse({ agent: first, reply: 'Yes.' });
    await user.type('A long story.');
    await user.type('Who am I?');
    await user.type('Really?');
    expect(user.shown(1)).toEqual(['In short: the user is Ada.', 'Who am I?']);
    expect(user.shown(2)).toEqual(['In short: the user is Ada.', 'Who am I?', 'Yes.', 'Really?']);
  });

  test('after the end of the session is refused', async () => {
    const user = await converse({ agent: agent({ id: 'first', instructions: '' }) });
    await user.session.close();
    const late = user.session.updateAgent(agent({ id: 'second', instructions: '' }));
    await expect(late).rejects.toMatchObject({ code: 'session-closed' });
    expect(user.events.at(-1)?.type).toBe('close');
  });
});

describe('a reply that is interrupted after a handoff', () => {
  test('is remembered by the agent who took over as far as it was heard', async () => {
    const second = agent({ id: 'second', instructions: '' });
    const first = agent({ id: 'first', instructions: '', tools: [handOver(() => second)] });
    const user = await converse({
      agent: first,
      hearsUpTo: 12_000,
      reply: (messages) =>
        messages.some(({ role }) => role === 'tool')
          ? 'Yes.'
          : { content: 'One two three four five six seven.', toolCalls: [{ name: 'hand_over', arguments: {} }] },
    });
    const turnId = user.send('Count.');
    await user.until(() => user.steps.includes('→ second'));
    user.session.interrupt();
    const { heard } = await user.outcome(turnId);
    expect('One two three four five six seven.'.startsWith(heard) && heard.length > 0).toBe(true);
    await user.type('And then?');
    expect(user.shown(1)).toEqual(['Count.', heard, null, '', 'And then?']);
  });

  test('is remembered so, too, where a hook or tool has put a copy of the conversation in its place', async () => {
    const copying = tool({
      name: 'note',
      description: '',
      async execute(_, { session }) {
        const chatCtx = session.currentAgent.chatCtx;
        chatCtx.addMessage({ role: 'system', content: 'Noted.', createdAt: 1 });
        await session.currentAgent.updateChatCtx(chatCtx);
        return 'noted';
      },
    });
    const user = await converse({
      agent: agent({ id: 'first', instructions: '', tools: [copying] }),
      hearsUpTo: 12_000,
      reply: (messages) =>
        messages.some(({ role }) => role === 'tool')
          ? 'Yes.'
          : { content: 'One two three four five six seven.', toolCalls: [{ name: 'note', arguments: {} }] },
    });
    const turnId = user.send('Count.');
    await user.until(() => user.eventsOf('function_tools_executed', turnId)[0]);
    user.session.interrupt();
    const { heard } = await user.outcome(turnId);
    await user.type('And then?');
    expect(user.shown(user.prompts.length - 1)).toEqual(['Noted.', 'Count.', heard, null, 'noted', 'And then?']);
  });
});
