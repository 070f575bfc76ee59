/** What a model may write for a function, and what a function may return, in every shape that JSON and zod have. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Tool, tool } from '../../../src-main/conversation/tool.ts';
import { type Conversation, withHost } from '../../support/conversation.ts';
import type { AskedCall } from '../../support/provider-server.ts';

interface Told {
  readonly user: Conversation;
  /** What the model was told of its call. */
  readonly output: string;
  readonly isError: boolean;
  readonly failure: string | null;
}

/** The model calls the function with these arguments. */
async function calling(called: Tool, args: AskedCall['arguments'] = {}): Promise<Told> {
  const { name } = called.definition;
  const user = await withHost(
    { tools: [called] },
    {
      reply: (messages) => (messages.at(-1)?.role === 'tool' ? 'Done.' : { toolCalls: [{ name, arguments: args }] }),
    },
  );
  const turn = await user.type('Go.');
  expect(turn).toMatchObject({ outcome: 'completed', reply: 'Done.' });
  const [executed] = user.eventsOf('function_tools_executed', turn.id)[0]?.executions ?? [];
  const output = user.prompts.at(-1)?.at(-1)?.content ?? '';
  return { user, output, isError: executed?.output.isError ?? false, failure: executed?.failure ?? null };
}

const taking = (x: z.ZodType) =>
  tool({ name: 'take', description: '', parameters: z.object({ x }), execute: (input) => ({ took: input.x }) });

describe('a parameter', () => {
  const day = z.coerce.date();
  const shape = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('circle'), radius: z.number() }),
    z.object({ kind: z.literal('dot') }),
  ]);
  const typed = (type: string) => ({ type });

  test.each<[string, z.ZodType, object, boolean, Record<string, unknown>, unknown]>([
    ['that may be left out', z.string().optional(), typed('string'), false, {}, undefined],
    ['with a default', z.number().default(3), { type: 'number', default: 3 }, false, {}, 3],
    ['of a few words', z.enum(['a', 'b']), { type: 'string', enum: ['a', 'b'] }, true, { x: 'b' }, 'b'],
    ['of two types', z.union([z.string(), z.number()]), { type: ['string', 'number'] }, true, { x: 7 }, 7],
    ['of one kind or another', shape, { oneOf: expect.any(Array) }, true, { x: { kind: 'dot' } }, { kind: 'dot' }],
    ['that is null', z.string().nullable(), { type: ['string', 'null'] }, true, { x: null }, null],
    ['within another', z.object({ y: z.array(z.int()) }), typed('object'), true, { x: { y: [1] } }, { y: [1] }],
    ['of any names', z.record(z.string(), z.number()), typed('object'), true, { x: { a: 1 } }, { a: 1 }],
    [
      'that is a date',
      day,
      { type: 'string', format: 'date-time' },
      true,
      { x: '2026-11-27' },
      '2026-11-27T00:00:00.000Z',
    ],
    ['that is transformed', z.string().transform((s) => s.length), typed('string'), true, { x: 'four' }, 4],
    ['that is prepared', z.preprocess((s) => s, z.string()), typed('string'), true, { x: 'as it is' }, 'as it is'],
    ['that is a large number', z.coerce.bigint(), typed('integer'), true, { x: 12 }, '12'],
  ])('%s is described as a model writes it, and understood', async (_, kind, described, required, written, took) => {
    const { user, output } = await calling(taking(kind), written);
    expect(user.server.requests('llm')[0]?.json?.tools).toMatchObject([
      {
        function: {
          parameters: { type: 'object', properties: { x: described }, ...(required && { required: ['x'] }) },
        },
      },
    ]);
    if (!required) expect(JSON.stringify(user.server.requests('llm')[0]?.json?.tools)).not.toContain('required');
    expect(JSON.parse(output)).toEqual(took === undefined ? {} : { took });
  });

  test('that refers to its own kind is described so', async () => {
    const tree = z.object({
      get branches() {
        return z.array(tree);
      },
    });
    const { output } = await calling(taking(tree), { x: { branches: [{ branches: [] }] } });
    expect(output).toBe('{"took":{"branches":[{"branches":[]}]}}');
  });

  test.each<[string, z.ZodType, Record<string, unknown>, RegExp]>([
    [
      'of the wrong type',
      z.object({ y: z.int() }),
      { x: { y: 'two' } },
      /expected (int|number), received string.*x\.y/s,
    ],
    ['that is refined', z.string().refine((s) => s.length > 4, 'Say more.'), { x: 'no' }, /Say more\..*x/s],
    ['that is looked up', z.string().refine(async () => false, 'Nobody knows it.'), { x: 'no' }, /Nobody knows it\./],
    ['that is missing', z.enum(['a', 'b']), {}, /expected one of "a"\|"b".*x/s],
  ])('%s is refused in words that the model can act on', async (_, kind, written, words) => {
    const { output, isError } = await calling(taking(kind), written);
    expect(output).toMatch(/^Wrong arguments: /);
    expect(output).toMatch(words);
    expect(isError).toBe(true);
  });

  test.each<[string, z.ZodType]>([
    ['a date', z.date()],
    ['a map', z.map(z.string(), z.string())],
    ['a set, among others', z.array(z.set(z.string()).optional())],
    ['a bigint', z.bigint()],
  ])('%s, which no model can write, is refused when the tool is made', (_, kind) => {
    expect(() => taking(kind)).toThrow(
      expect.objectContaining({ code: 'tool-invalid', message: expect.stringContaining('The parameters of take') }),
    );
  });

  test.each([z.string(), { type: 'object' }])('parameters that are no z.object are refused', (parameters) => {
    const make = () => tool({ name: 'take', description: '', parameters: parameters as never, execute: () => {} });
    expect(make).toThrow(expect.objectContaining({ code: 'tool-invalid' }));
  });
});

describe('arguments', () => {
  test.each([
    ['of nothing', ''],
    ['of a space', ' '],
    ['of null', 'null'],
    ['of an object', '{}'],
  ])('%s are none', async (_, args) => {
    const { output } = await calling(tool({ name: 'clock', description: '', execute: () => 'noon' }), args);
    expect(output).toBe('noon');
  });

  test('that are JSON within JSON are understood', async () => {
    expect((await calling(taking(z.string()), '"{\\"x\\":\\"1\\"}"')).output).toBe('{"took":"1"}');
  });

  test.each([
    ['with more behind them', '{"x":"1"}}'],
    ['cut off', '{"x":"1'],
    ['in words', 'x is 1'],
  ])('%s are refused, with where and why', async (_, args) => {
    const { output, isError } = await calling(taking(z.string()), args);
    expect(output).toMatch(/^The arguments are not JSON: .*(position|token)/);
    expect(isError).toBe(true);
  });

  test('of a hundred kilobytes arrive', async () => {
    const length = tool({
      name: 'length',
      description: '',
      parameters: z.object({ x: z.string() }),
      execute: ({ x }) => x.length,
    });
    expect((await calling(length, { x: 'x'.repeat(100_000) })).output).toBe('100000');
  });
});

describe('a result', () => {
  const returning = (result: unknown) => calling(tool({ name: 'give', description: '', execute: () => result }));
  const circular: unknown[] = [];
  circular.push(circular);

  test.each<[string, unknown, string]>([
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['a number', 7, '7'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['a large number', { n: 2n ** 64n }, '{"n":"18446744073709551616"}'],
    ['bytes', Buffer.from('noon'), '"[4 bytes]"'],
    ['bytes within', { sound: new Uint8Array(9) }, '{"sound":"[9 bytes]"}'],
    ['a map', new Map([['a', new Set([1])]]), '{"a":[1]}'],
    ['an error', { error: new RangeError('too far') }, '{"error":"RangeError: too far"}'],
    ['half a character', 'a\ud83d', 'a\ufffd'],
  ])('of %s is told', async (_, result, told) => {
    expect(await returning(result)).toMatchObject({ output: told, isError: false, failure: null });
  });

  test('that is cut is cut between characters', async () => {
    const { output } = await returning(`${'x'.repeat(49_999)}🙂 and more`);
    expect(output).toContain('x\ufffd\n[10 more characters were left out]');
  });

  test.each<[string, unknown, RegExp]>([
    ['that contains itself', circular, /circular/],
    ['that is a function', () => {}, /function/],
  ])('%s is not told, but the model knows that the function ran', async (_, result, why) => {
    expect(await returning(result)).toMatchObject({
      output: 'The function ran, but its result can’t be told.',
      isError: true,
      failure: expect.stringMatching(why),
    });
  });
});
