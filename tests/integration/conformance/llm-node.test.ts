/** llmNode, as LiveKit documents it: inference on the chat context, yielding text or chunks with tool calls. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Agent, agent } from '../../../src-main/conversation/agent.ts';
import { tool } from '../../../src-main/conversation/tool.ts';
import { converse, withHost } from '../../support/conversation.ts';

const clock = tool({ name: 'clock', description: 'The time.', parameters: z.object({}), execute: () => 'noon' });

describe('llmNode', () => {
  test('by default shows the model the instructions, the conversation and the tools', async () => {
    const user = await converse({
      agent: agent({ id: 'host', instructions: 'Be brief.', tools: [clock] }),
      reply: 'Yes.',
    });
    await user.type('One.');
    await user.type('Two.');
    expect(user.prompts[1]).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'One.' },
      { role: 'assistant', content: 'Yes.' },
      { role: 'user', content: 'Two.' },
    ]);
    expect(user.server.requests('llm')[0]?.json?.tools).toMatchObject([{ function: { name: 'clock' } }]);
  });

  test('by default shows it pictures and sound, too', async () => {
    const picture = { type: 'image' as const, mimeType: 'image/png', base64: 'iVBORw0KGgo=' };
    const sound = { type: 'audio' as const, base64: 'UklGRg==', transcript: 'A bell rings.' };
    const user = await withHost({
      onUserTurnCompleted: async (_self, _turnCtx, message) => void message.content.push(picture, sound),
    });
    expect((await user.type('What is this?')).outcome).toBe('completed');
    expect(user.server.requests('llm')[0]?.json?.messages).toEqual([
      {
        role: 'user',
        content: expect.arrayContaining([
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        ]),
      },
    ]);
    expect(JSON.stringify(user.server.requests('llm')[0]?.json)).toContain('A bell rings.');
  });

  test('by default uses the language model of the agent, where it has its own', async () => {
    const user = await withHost({
      llm: {
        label: 'own',
        async *chat() {
          yield { text: 'My own words.' };
        },
        warm() {},
      },
    });
    expect((await user.type('Hello.')).reply).toBe('My own words.');
    expect(user.prompts).toEqual([]);
  });

  test('may yield plain text', async () => {
    const user = await withHost({
      async *llmNode() {
        yield 'Plain ';
        yield 'text.';
      },
    });
    expect(await user.type('Hello.')).toMatchObject({ reply: 'Plain text.', heard: 'Plain text.' });
  });

  test('may yield chunks with text and tool calls', async () => {
    const user = await withHost({
      tools: [clock],
      async *llmNode(self, chatCtx) {
        if (chatCtx.items.some(({ type }) => type === 'function_call_output')) yield { text: 'It is noon.' };
        else yield { text: 'Let me see. ', toolCalls: [{ callId: 'call-1', name: 'clock', arguments: '{}' }] };
        void self;
      },
    });
    expect((await user.type('What time is it?')).reply).toBe('Let me see. It is noon.');
    expect(user.steps).toEqual(['clock']);
  });

  test('can modify the chat context before inference, for that inference alone', async () => {
    const user = await withHost(
      {
        llmNode: (self, chatCtx, tools, settings) => {
          chatCtx.addMessage({ role: 'system', content: 'Rhyme.' });
          return Agent.default.llmNode(self, chatCtx, tools, settings);
        },
      },
      { reply: 'Yes.' },
    );
    await user.type('One.');
    await user.type('Two.');
    expect(user.prompts.map((prompt) => prompt.map(({ content }) => content))).toEqual([
      ['One.', 'Rhyme.'],
      ['One.', 'Yes.', 'Two.', 'Rhyme.'],
    ]);
  });

  test('can adjust which tools are offered', async () => {
    const user = await withHost({
      tools: [clock],
      llmNode: (self, chatCtx, _tools, settings) => Agent.default.llmNode(self, chatCtx, [], settings),
    });
    await user.type('Hello.');
    expect(user.server.requests('llm')[0]?.json?.tools).toBeUndefined();
  });

  test('can change the model’s words before they are spoken, shown and remembered', async () => {
    const user = await withHost(
      {
        async *llmNode(self, chatCtx, tools, settings) {
          for await (const { text } of Agent.default.llmNode(self, chatCtx, tools, settings) ?? [])
            yield text.toUpperCase();
        },
      },
      { reply: 'Yes.' },
    );
    expect((await user.type('Hello.')).reply).toBe('YES.');
    expect(user.spoken).toEqual(['YES.']);
    await user.type('Again.');
    expect(user.shown(1)).toContain('YES.');
  });

  test('what it yields early is spoken while it still works, up to a line break, and is one message all the same', async () => {
    const user = await withHost({
      async *llmNode() {
        yield 'One moment while I look that up.\n';
        await user.until(() => user.eventsOf('agent_speech_heard').some(({ heardSamples }) => heardSamples > 0));
        yield 'I found it.';
      },
    });
    expect(await user.type('Look it up.')).toMatchObject({
      outcome: 'completed',
      reply: 'One moment while I look that up.\nI found it.',
    });
    expect(user.spoken).toEqual(['One moment while I look that up.', 'I found it.']);
    expect(
      user.session.history.items.filter((item) => item.type === 'message' && item.role === 'assistant'),
    ).toHaveLength(1);
  });

  test('null switches it off: the turn ends without a reply', async () => {
    const user = await withHost({ llmNode: () => null });
    expect(await user.type('Hello.')).toMatchObject({ outcome: 'completed', user: 'Hello.', reply: '' });
  });

  test('its signal aborts when the turn is interrupted', async () => {
    const aborted = Promise.withResolvers<void>();
    const user = await withHost({
      async *llmNode(_self, _chatCtx, _tools, { signal }) {
        signal.addEventListener('abort', () => aborted.resolve());
        yield 'Once upon a time. ';
        await aborted.promise;
      },
    });
    const turnId = user.send('A story.');
    await user.until(() => user.eventsOf('agent_text_generated', turnId)[0]);
    user.session.interrupt();
    await aborted.promise;
    expect((await user.outcome(turnId)).outcome).toBe('interrupted');
  });
});
