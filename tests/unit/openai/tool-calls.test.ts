/** Streamed function calls, as the servers that were met send them. */
import { expect, test } from 'vitest';
import { ToolCallAssembly } from '../../../src-main/providers/openai/tool-calls.ts';

type Piece = Record<string, unknown>;

function assembled(chunks: readonly (readonly Piece[])[]) {
  const calls = new ToolCallAssembly();
  for (const tool_calls of chunks) calls.add({ choices: [{ delta: { tool_calls } }] });
  return calls.complete().map(({ name, arguments: args }) => [name, args]);
}

const piece = (index: number | undefined, id: string | undefined, name: string | undefined, args: string): Piece => ({
  ...(index === undefined ? {} : { index }),
  ...(id === undefined ? {} : { id }),
  function: { ...(name === undefined ? {} : { name }), arguments: args },
});

test.each<[string, (readonly Piece[])[]]>([
  [
    'an index each',
    [[piece(0, 'a', 'look', '{"x"')], [piece(1, 'b', 'call', '{}')], [piece(0, undefined, undefined, ':1}')]],
  ],
  ['the same index for all', [[piece(0, 'a', 'look', '{"x":1}')], [piece(0, 'b', 'call', '{}')]]],
  ['no index', [[piece(undefined, 'a', 'look', '{"x":1}')], [piece(undefined, 'b', 'call', '{}')]]],
  [
    'a new id with every piece',
    [[piece(0, 'a', 'look', '{"x"')], [piece(0, 'b', undefined, ':1}')], [piece(1, 'c', 'call', '{}')]],
  ],
  [
    'no index and no id',
    [[piece(undefined, undefined, 'look', '{"x":1}')], [piece(undefined, undefined, 'call', '{}')]],
  ],
  [
    'one id and one index',
    [[piece(0, 'a', 'look', '{"x"')], [piece(0, 'a', undefined, ':1}')], [piece(0, 'a', 'call', '{}')]],
  ],
  [
    'an end of its own each',
    [[piece(0, 'a', 'look', '{"x":1}')], [piece(0, 'a', 'look', '')], [piece(1, 'b', 'call', '{}')]],
  ],
  [
    'id and name with every piece',
    [[piece(0, 'a', 'look', '{"x"')], [piece(0, 'a', 'look', ':1}')], [piece(1, 'b', 'call', '{}')]],
  ],
])('calls with %s stay apart and whole', (_, chunks) => {
  expect(assembled(chunks)).toEqual([
    ['look', '{"x":1}'],
    ['call', '{}'],
  ]);
});

test('calls that share an id get one each, because an output refers to one call', () => {
  const calls = new ToolCallAssembly();
  calls.add({ choices: [{ delta: { tool_calls: [piece(0, 'a', 'look', '{}'), piece(1, 'a', 'look', '{}')] } }] });
  const ids = calls.complete().map(({ callId }) => callId);
  expect(ids[0]).toBe('a');
  expect(new Set(ids).size).toBe(2);
});
