import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pricesPath } from '../../../src-main/audit/cost/price-table.ts';
import { commands } from '../../../src-preload/contract.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { CONFIGURATION, EventScript, STARTED_AT } from '../../support/turns.ts';

const DAY = 86_400_000;

function usedHome(): string {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  for (const [index, agentId] of ['assistant', 'assistant', 'other'].entries()) {
    const script = new EventScript(log.record, `session-${index}`, STARTED_AT + index * DAY);
    script.emit({ type: 'session_started', agentId });
    script.wholeTurn(`turn-${index}`, { user: 'Hello', reply: 'Hello' });
    script.begin(`own-${index}`);
    script.emit({
      type: 'usage_reported',
      turnId: `own-${index}`,
      usage: { stage: 'llm', provider: 'openai', model: 'my-model', raw: null, inputTokens: 10, outputTokens: 5 },
    });
    script.end(`own-${index}`, 'completed');
  }
  close();
  return home;
}

it('adds up by model, agent and day, and says of how much the price is not known', async () => {
  const { log } = openLog(usedHome());
  const sum = (by: 'model' | 'agent' | 'day', since: number | null = null) => log.queries.summarizeUsage({ by, since });
  const byModel = await sum('model');
  expect(commands['usage.summary'].output.parse(byModel)).toEqual(byModel);
  expect(byModel).toMatchObject([
    { key: 'openai/whisper-1', turns: 3, calls: 3, audioMs: 3_000, unpricedCalls: 0 },
    { key: 'openai/my-model', turns: 3, calls: 3, inputTokens: 30, outputTokens: 15, cost: 0, unpricedCalls: 3 },
  ]);
  expect(byModel[0]?.cost).toBeCloseTo(0.0003);
  expect((await sum('agent')).map(({ key, turns, calls }) => [key, turns, calls])).toEqual([
    ['assistant', 4, 4],
    ['other', 2, 2],
  ]);
  const days = (await sum('day')).map(({ key, calls }) => [key, calls]);
  expect(days).toEqual([
    ['2026-11-03', 2],
    ['2026-11-04', 2],
    ['2026-11-05', 2],
  ]);
  expect(await sum('day', STARTED_AT + DAY)).toHaveLength(2);
});

it('tells the days of each model and agent apart', async () => {
  const { log } = openLog(usedHome());
  const models = await log.queries.summarizeUsage({ by: 'model', since: null, eachDay: true });
  expect(models.map(({ day, key, calls }) => [day, key, calls])).toEqual(
    ['2026-11-03', '2026-11-04', '2026-11-05'].flatMap((day) => [
      [day, 'openai/whisper-1', 1],
      [day, 'openai/my-model', 1],
    ]),
  );
  const agents = await log.queries.summarizeUsage({ by: 'agent', since: STARTED_AT + DAY, eachDay: true });
  expect(agents.map(({ day, key, turns }) => [day, key, turns])).toEqual([
    ['2026-11-04', 'assistant', 2],
    ['2026-11-05', 'other', 2],
  ]);
});

it('tells who spends in a room, and what whoever sits here does', async () => {
  const { log } = openLog(temporaryHome());
  const script = new EventScript(log.record);
  script.emit({ type: 'session_started', agentId: 'assistant' });
  script.wholeTurn('own', { user: 'Hello', reply: 'Hello' });
  for (const [turnId, identity] of [
    ['first', 'guest-1'],
    ['again', 'guest-2'],
  ] as const) {
    const input = { ...CONFIGURATION.input, speaker: { identity, name: 'Anna' } };
    const configuration = { ...CONFIGURATION, input };
    script.emit({ type: 'turn_started', turnId, source: 'voice', retryOf: null, configuration });
    const usage = { stage: 'llm', provider: 'openai', model: 'my-model', raw: null, inputTokens: 10 } as const;
    script.emit({ type: 'usage_reported', turnId, usage });
    script.end(turnId, 'completed');
  }
  const sums = await log.queries.summarizeUsage({ by: 'speaker', since: null });
  expect(sums.map(({ key, turns, inputTokens }) => [key, turns, inputTokens])).toEqual([
    ['', 1, 0],
    ['Anna', 2, 20],
  ]);
});

it('uses the user’s prices in every view', async () => {
  const home = usedHome();
  const prices = [{ server: 'api.openai.com', model: 'my-model', input: 1_000_000, output: 0 }];
  writeFileSync(pricesPath(home), JSON.stringify({ version: 1, prices }));
  const { log } = openLog(home);
  expect(log.queries.getTurn('own-0')?.cost).toBe(10);
  expect((await log.queries.summarizeUsage({ by: 'model', since: null }))[0]).toMatchObject({ cost: 30 });
  expect(log.queries.search({ query: '', filter: { minCost: 5 }, limit: 10 })).toHaveLength(3);
});

it('has nothing to add up in an empty log', async () => {
  const { log } = openLog(temporaryHome());
  expect(await log.queries.summarizeUsage({ by: 'day', since: null })).toEqual([]);
});
