/** Functions that the model calls: what works, and every way in which it goes wrong. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { agent } from '../../../src-main/conversation/agent.ts';
import type { SpeechHandle } from '../../../src-main/conversation/speech-handle.ts';
import { StopResponse, type Tool, ToolError, tool } from '../../../src-main/conversation/tool.ts';
import { type Conversation, withHost } from '../../support/conversation.ts';
import type { AskedCall } from '../../support/provider-server.ts';

const city = z.object({ city: z.string() });

/** A model that asks for these functions, and then tells what it was told. */
function withTools(tools: readonly Tool[], calls: readonly AskedCall[]): Promise<Conversation> {
  return withHost(
    { tools },
    {
      reply: (messages) => {
        const told = messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
        return told.length > 0 ? `I was told: ${told.join(' and ').slice(0, 200)}` : { toolCalls: calls };
      },
    },
  );
}

describe('a tool', () => {
  test('runs with arguments that its schema has checked, and the model sees the result', async () => {
    const weather = tool({
      name: 'weather',
      description: 'The weather.',
      parameters: city,
      execute: ({ city: name }) => ({ city: name, sky: 'grey' }),
    });
    const user = await withTools([weather], [{ name: 'weather', arguments: { city: 'Berlin' } }]);
    expect((await user.type('Weather?')).reply).toBe('I was told: {"city":"Berlin","sky":"grey"}');
  });

  test('is described to the model by its schema', async () => {
    const weather = tool({ name: 'weather', description: 'The weather.', parameters: city, execute: () => 'grey' });
    const user = await withTools([weather], [{ name: 'weather', arguments: { city: 'Berlin' } }]);
    await user.type('Weather?');
    expect(user.server.requests('llm')[0]?.json?.tools).toEqual([
      {
        type: 'function',
        function: {
          name: 'weather',
          description: 'The weather.',
          parameters: expect.objectContaining({
            type: 'object',
            properties: { city: { type: 'string' } },
            required: ['city'],
          }),
        },
      },
    ]);
  });

  test('several run side by side, and the model is told in the order in which it asked', async () => {
    const bothRun = Promise.withResolvers<void>();
    let running = 0;
    const weather = tool({
      name: 'weather',
      description: '',
      parameters: city,
      async execute({ city: name }) {
        if (++running === 2) bothRun.resolve();
        await bothRun.promise;
        return `${name} grey`;
      },
    });
    const calls = ['Berlin', 'Lisbon'].map((name) => ({ name: 'weather', arguments: { city: name } }));
    const user = await withTools([weather], calls);
    expect((await user.type('Weather?')).reply).toBe('I was told: Berlin grey and Lisbon grey');
  });

  test('is announced with call, output and duration, in one turn', async () => {
    const weather = tool({ name: 'weather', description: '', parameters: city, execute: () => 'grey' });
    const user = await withTools([weather], [{ name: 'weather', arguments: { city: 'Berlin' } }]);
    const turn = await user.type('Weather?');
    const [executed] = user.eventsOf('function_tools_executed', turn.id);
    expect(executed?.executions).toMatchObject([
      {
        call: { name: 'weather', arguments: '{"city":"Berlin"}' },
        output: { output: 'grey', isError: false },
        failure: null,
      },
    ]);
    const added = user.eventsOf('conversation_item_added', turn.id).map(({ item }) => item.type);
    expect(added).toEqual(['message', 'function_call', 'function_call_output', 'message']);
  });

  test('without parameters takes none', async () => {
    const clock = tool({ name: 'clock', description: 'The time.', execute: () => 'noon' });
    const user = await withTools([clock], [{ name: 'clock', arguments: {} }]);
    expect((await user.type('The time?')).reply).toBe('I was told: noon');
    expect(user.server.requests('llm')[0]?.json?.tools).toMatchObject([
      { function: { name: 'clock', parameters: { type: 'object', properties: {} } } },
    ]);
  });

  test('can wait until what was said before the call was heard', async () => {
    const called = Promise.withResolvers<SpeechHandle>();
    let heard = false;
    const hangUp = tool({
      name: 'hang_up',
      description: '',
      async execute(_, { speechHandle, waitForPlayout }) {
        called.resolve(speechHandle);
        await waitForPlayout();
        heard = true;
        throw new StopResponse('hung up');
      },
    });
    const reply = { content: 'Goodbye.', toolCalls: [{ name: 'hang_up', arguments: {} }] };
    const patient = await withHost({ tools: [hangUp] }, { reply });
    const turn = await patient.type('Bye.');
    expect([turn.stopReason, heard]).toEqual(['hung up', true]);
    const handle = await called.promise;
    expect(handle.done()).toBe(true);
    expect(patient.eventsOf('speech_created', turn.id).map(({ speechId }) => speechId)).toEqual([handle.id]);
  });

  test('waits for it as long as it is not heard', async () => {
    const called = Promise.withResolvers<void>();
    let waited = false;
    const hangUp = tool({
      name: 'hang_up',
      description: '',
      async execute(_, { waitForPlayout }) {
        called.resolve();
        await waitForPlayout();
        waited = true;
      },
    });
    const reply = { content: 'Goodbye.', toolCalls: [{ name: 'hang_up', arguments: {} }] };
    const user = await withHost({ tools: [hangUp] }, { reply, hearsUpTo: 2_400 });
    const turnId = user.send('Bye.');
    await called.promise;
    await new Promise(setImmediate);
    expect(waited).toBe(false);
    user.session.interrupt();
    expect((await user.outcome(turnId)).outcome).toBe('interrupted');
  });

  test('that waits for the speech that waits for it is told so at once', async () => {
    const wait = tool({
      name: 'wait',
      description: '',
      execute: (_, { speechHandle }) => speechHandle.waitForPlayout(),
    });
    const user = await withTools([wait], [{ name: 'wait', arguments: {} }]);
    const turn = await user.type('Wait.');
    expect(turn).toMatchObject({ outcome: 'completed', reply: 'I was told: The function failed.' });
    expect(user.eventsOf('function_tools_executed', turn.id)[0]?.executions[0]?.failure).toContain(
      'waits for the speech',
    );
  });

  test('knows the session, the turn and the shared data', async () => {
    const seen: unknown[] = [];
    const look = tool({
      name: 'look',
      description: '',
      parameters: z.object({}),
      execute: (_, { session, turnId, userData }) => void seen.push(session.id, turnId, userData),
    });
    const user = await withHost(
      { tools: [look] },
      {
        userData: { name: 'Ada' },
        reply: (messages) =>
          messages.at(-1)?.role === 'tool' ? 'Done.' : { toolCalls: [{ name: 'look', arguments: {} }] },
      },
    );
    const turn = await user.type('Look.');
    expect(seen).toEqual([user.session.id, turn.id, { name: 'Ada' }]);
  });
});

test('what is said before a call and after it is kept apart', async () => {
  const look = tool({ name: 'look', description: '', execute: () => 'rain' });
  const user = await withHost(
    { tools: [look] },
    {
      reply: (messages) =>
        messages.at(-1)?.role === 'tool'
          ? 'It rains.'
          : { content: 'I look.', toolCalls: [{ name: 'look', arguments: {} }] },
    },
  );
  const turn = await user.type('Weather?');
  expect(turn).toMatchObject({ outcome: 'completed', reply: 'I look. It rains.', heard: 'I look. It rains.' });
});

describe('tools that no model could use are refused', () => {
  const named = (name: string) => tool({ name, description: '', execute: () => 'noon' });

  test.each(['', 'two words', 'a'.repeat(65), undefined as never])('named %j', (name) => {
    expect(() => named(name)).toThrow(expect.objectContaining({ code: 'tool-invalid' }));
  });

  test('two of one name, of an agent and of one that changes its tools', async () => {
    const twins = [named('clock'), named('clock')];
    const twice = expect.objectContaining({ code: 'tool-invalid', message: 'An agent has two tools named clock' });
    expect(() => agent({ id: 'host', instructions: '', tools: twins })).toThrow(twice);
    await expect(agent({ id: 'host', instructions: '' }).updateTools(twins)).rejects.toEqual(twice);
  });

  test.each([{ clock: named('clock') }, [{ name: 'clock' }]])('%j: no list of what tool() makes', (tools) => {
    const wrong = { id: 'host', instructions: '', tools: tools as never };
    expect(() => agent(wrong)).toThrow(expect.objectContaining({ code: 'tool-invalid' }));
  });
});

describe('what goes wrong in a tool', () => {
  const failing = (thrown: unknown) =>
    tool({
      name: 'weather',
      description: '',
      parameters: city,
      execute: () => {
        throw thrown;
      },
    });
  const inBerlin = [{ name: 'weather', arguments: { city: 'Berlin' } }];

  test('a ToolError is what the model sees, and it can act on it', async () => {
    const user = await withTools([failing(new ToolError('Ask for a bigger city.'))], inBerlin);
    expect(await user.type('Weather?')).toMatchObject({
      outcome: 'completed',
      reply: 'I was told: Ask for a bigger city.',
    });
  });

  test('of any other error the model learns only that it failed; the log keeps what it was', async () => {
    const user = await withTools([failing(new Error('password is hunter2'))], inBerlin);
    const turn = await user.type('Weather?');
    expect(turn.reply).toBe('I was told: The function failed.');
    const [executed] = user.eventsOf('function_tools_executed', turn.id);
    expect(executed?.executions[0]).toMatchObject({ failure: 'password is hunter2', output: { isError: true } });
  });

  test('StopResponse ends the turn without a further reply, and says why', async () => {
    const user = await withTools([failing(new StopResponse('the user hung up'))], inBerlin);
    expect(await user.type('Weather?')).toMatchObject({
      outcome: 'completed',
      reply: '',
      stopReason: 'the user hung up',
    });
    expect(user.prompts).toHaveLength(1);
  });

  test.each([
    ['that are not JSON', '{"city": Berl', /^I was told: The arguments are not JSON/],
    ['that do not fit the schema', '{"city": 7}', /^I was told: Wrong arguments:.*city/s],
    ['that are no object', '"Berlin"', /^I was told: Wrong arguments:/],
  ])('arguments %s: the tool does not run, the model is told', async (_, args, told) => {
    let ran = false;
    const weather = tool({
      name: 'weather',
      description: '',
      parameters: city,
      execute: () => {
        ran = true;
      },
    });
    const user = await withTools([weather], [{ name: 'weather', arguments: args }]);
    const turn = await user.type('Weather?');
    expect(turn.outcome).toBe('completed');
    expect(turn.reply).toMatch(told);
    expect(ran).toBe(false);
  });

  test('a name that does not exist: the model is told', async () => {
    const user = await withTools([failing('unused')], [{ name: 'wether', arguments: {} }]);
    expect((await user.type('Weather?')).reply).toBe('I was told: There is no function wether.');
  });

  test('one that never ends: it is aborted, and the model is told after its own timeout', async () => {
    const aborted = Promise.withResolvers<void>();
    const slow = tool({
      name: 'weather',
      description: '',
      parameters: city,
      timeoutMs: 50,
      execute: (_, { signal }) => {
        signal.addEventListener('abort', () => aborted.resolve());
        return new Promise(() => {});
      },
    });
    const user = await withTools([slow], inBerlin);
    expect((await user.type('Weather?')).reply).toBe('I was told: The function took longer than 0.05 s.');
    await aborted.promise;
  });

  test('a result of a megabyte is cut, and says so', async () => {
    const big = tool({ name: 'weather', description: '', parameters: city, execute: () => 'x'.repeat(1_000_000) });
    const user = await withTools([big], inBerlin);
    expect(await user.type('Weather?')).toMatchObject({ outcome: 'completed' });
    const told = user.prompts[1]?.at(-1)?.content ?? '';
    expect(told.length).toBeLessThan(60_000);
    expect(told).toMatch(/950000 more characters were left out\]$/);
  });

  test('a model that never stops calling is made to answer, and fails the turn if it calls on', async () => {
    const user = await withHost(
      { tools: [tool({ name: 'again', description: '', parameters: z.object({}), execute: () => 'Again.' })] },
      { reply: { toolCalls: [{ name: 'again', arguments: {} }] } },
    );
    expect(await user.type('Loop.')).toMatchObject({
      outcome: 'failed',
      error: { code: 'too-many-tool-steps', stage: 'tool' },
    });
    expect(user.server.requests('llm').at(-1)?.json?.tool_choice).toBe('none');
  });

  test('an interruption aborts it, and the call still gets its output', async () => {
    const started = Promise.withResolvers<void>();
    const slow = tool({
      name: 'weather',
      description: '',
      parameters: city,
      execute: () => {
        started.resolve();
        return new Promise(() => {});
      },
    });
    const user = await withTools([slow], inBerlin);
    const turnId = user.send('Weather?');
    await started.promise;
    user.session.interrupt();
    expect((await user.outcome(turnId)).outcome).toBe('interrupted');
    const items = user.session.history.items.map((item) => item.type);
    expect(items.filter((type) => type === 'function_call').length).toBe(
      items.filter((type) => type === 'function_call_output').length,
    );
  });
});
