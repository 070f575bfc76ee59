/** What an agent does besides speaking is kept in the chain, and told from the log as it was told while it happened. */
import { expect, it } from 'vitest';
import { TurnViews } from '../../../src-main/app/turn-views.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript } from '../../support/turns.ts';

const turnId = 'turn-1';
const call = (id: string, name: string, createdAt: number) =>
  ({ type: 'function_call', id, createdAt, callId: 'call_0', name, arguments: '{"city":"Oslo"}' }) as const;
const output = (id: string, name: string, text: string, isError: boolean) =>
  ({ type: 'function_call_output', id, createdAt: 0, callId: 'call_0', name, output: text, isError }) as const;

it('keeps calls and their results, handoffs and stops, in order, also with ids that a server repeats', async () => {
  const { log } = openLog(temporaryHome());
  const live = new TurnViews(
    () => null,
    () => {},
  );
  const script = new EventScript((event) => {
    log.record(event);
    live.apply(event);
  });
  script.begin(turnId, { source: 'text' });
  const at = script.now + 10;
  const weather = { ...call('1', 'weather__today', at), server: 'weather' };
  const told = output('2', 'weather__today', 'Rain.', false);
  script.emit({ type: 'conversation_item_added', turnId, item: weather });
  script.emit({ type: 'tool_call_decided', turnId, callId: 'call_0', decision: 'once' });
  script.emit({ type: 'conversation_item_added', turnId, item: told });
  const first = { call: weather, output: told, durationMs: 120, failure: null };
  script.emit({ type: 'function_tools_executed', turnId, executions: [first] });
  const book = call('3', 'book', script.now + 10);
  const failed = output('4', 'book', 'The function failed.', true);
  script.emit({ type: 'conversation_item_added', turnId, item: book });
  script.emit({ type: 'conversation_item_added', turnId, item: failed });
  const second = { call: book, output: failed, durationMs: 3, failure: 'no more seats' };
  script.emit({ type: 'function_tools_executed', turnId, executions: [second] });
  const handoff = { type: 'agent_handoff', id: '5', createdAt: script.now + 10, from: 'greeter', to: 'desk' } as const;
  script.emit({ type: 'conversation_item_added', turnId, item: handoff });
  script.end(turnId, 'completed', 'nothing to add');

  const steps = [
    {
      type: 'tool',
      callId: 'call_0',
      name: 'weather__today',
      server: 'weather',
      arguments: '{"city":"Oslo"}',
      output: 'Rain.',
      isError: false,
      failure: null,
      decision: 'once',
      durationMs: 120,
      startedAt: weather.createdAt,
    },
    {
      type: 'tool',
      callId: 'call_0',
      name: 'book',
      server: null,
      arguments: '{"city":"Oslo"}',
      output: 'The function failed.',
      isError: true,
      failure: 'no more seats',
      decision: null,
      durationMs: 3,
      startedAt: book.createdAt,
    },
    { type: 'handoff', from: 'greeter', to: 'desk', at: handoff.createdAt },
    { type: 'stop', reason: 'nothing to add' },
  ];
  expect(live.all()[0]?.steps).toEqual(steps);
  expect(log.queries.getTurn(turnId)?.steps).toEqual(steps);
  const detail = log.queries.getSessionDetail(script.sessionId)?.turns[0];
  expect(detail?.tools.map(({ name, failure }) => [name, failure])).toEqual([
    ['weather__today', null],
    ['book', 'no more seats'],
  ]);
  expect(await log.verify({ sessionId: null, onProgress: () => {} })).toMatchObject({ ok: true, problems: [] });

  log.redactTurn(turnId, 'text', 'asked for');
  expect(log.queries.getTurn(turnId)?.steps).toEqual([]);
});

it('shows a call while it runs', () => {
  const live = new TurnViews(
    () => null,
    () => {},
  );
  const script = new EventScript((event) => live.apply(event));
  script.begin(turnId, { source: 'text' });
  script.emit({ type: 'conversation_item_added', turnId, item: call('1', 'weather', 5) });
  expect(live.all()[0]?.steps).toMatchObject([{ name: 'weather', output: null, durationMs: null }]);
});
