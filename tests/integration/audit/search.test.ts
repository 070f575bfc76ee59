import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { databasePath, openDatabase } from '../../../src-main/audit/store/database.ts';
import type { SearchInput } from '../../../src-preload/contract.ts';
import { commands } from '../../../src-preload/contract.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript, STARTED_AT } from '../../support/turns.ts';

function opened(home = temporaryHome()) {
  const { log, close } = openLog(home);
  const find = (query: string, filter: SearchInput['filter'] = {}, limit = 50) =>
    log.queries.search({ query, filter, limit });
  const turns = (query: string, filter: SearchInput['filter'] = {}) =>
    find(query, filter).map(({ turnId, role }) => `${turnId} ${role}`);
  return { home, log, close, find, turns, script: new EventScript(log.record) };
}

it('finds English and Chinese, in what was said and what was answered, newest first', () => {
  const { script, turns, find } = opened();
  script.wholeTurn('a', { user: 'Where is the radio tower?', reply: 'It stands on the hill.' });
  script.wholeTurn('b', { user: '今天天气怎么样？', reply: '今天很冷，记得带伞' });
  script.wholeTurn('c', { user: 'And the RADIO in the car', reply: '车里的收音机在这里' });
  expect(turns('radio')).toEqual(['c user', 'a user']);
  expect(turns('天气怎么')).toEqual(['b user']);
  expect(turns('收音机')).toEqual(['c agent']);
  expect(find('hill')[0]).toEqual({
    sessionId: 'session-1',
    turnId: 'a',
    at: expect.any(Number),
    role: 'agent',
    snippet: 'It stands on the hill.',
    highlights: [[17, 21]],
  });
  expect(commands['sessions.search'].output.parse(find('radio'))).toHaveLength(2);
});

it('finds words of one and two characters, also where a text ends', () => {
  const { script, turns } = opened();
  script.wholeTurn('a', { user: '带伞', reply: 'It is on' });
  script.wholeTurn('b', { user: '天气', reply: 'No' });
  expect(turns('带伞')).toEqual(['a user']);
  expect(turns('伞')).toEqual(['a user']);
  expect(turns('气')).toEqual(['b user']);
  expect(turns('on')).toEqual(['a agent']);
  expect(turns('ON')).toEqual(['a agent']);
  expect(turns('no')).toEqual(['b agent']);
  expect(turns('鑫')).toEqual([]);
});

it('wants all words in one text, and those in quotes together', () => {
  const { script, turns } = opened();
  script.wholeTurn('a', { user: 'the red door is open', reply: 'yes' });
  script.wholeTurn('b', { user: 'the door is red', reply: 'open' });
  expect(turns('red door')).toEqual(['b user', 'a user']);
  expect(turns('"red door"')).toEqual(['a user']);
  expect(turns('door open')).toEqual(['a user']);
  expect(turns('door is')).toEqual(['b user', 'a user']);
  expect(turns('red 100%')).toEqual([]);
  expect(turns('door" OR "yes')).toEqual([]);
});

it('looks for nothing in punctuation, and says so', () => {
  const { find, script } = opened();
  script.wholeTurn('a', { user: 'What?!', reply: '...' });
  for (const query of ['?!', '... 。', '"', '-']) {
    expect(() => find(query)).toThrow(expect.objectContaining({ code: 'query-empty' }));
  }
  expect(() => find('  ')).toThrow(expect.objectContaining({ code: 'query-empty' }));
  expect(() => find('many '.repeat(21))).toThrow(expect.objectContaining({ code: 'query-too-long' }));
});

it('filters by time, agent, model, outcome, duration, cost and errors, with words and without', () => {
  const { log, turns, script } = opened();
  script.emit({ type: 'session_started', agentId: 'assistant' });
  script.wholeTurn('a', { user: 'first words', reply: 'yes' });
  script.wholeTurn('b', { user: 'second words', reply: 'long reply', heard: 'long' });
  script.begin('c');
  script.end('c', 'failed');
  const other = new EventScript(log.record, 'session-2', STARTED_AT + 86_400_000);
  other.emit({ type: 'session_started', agentId: 'other' });
  other.wholeTurn('d', { user: 'other words', reply: 'yes' });
  const day = STARTED_AT + 80_000_000;
  expect(turns('words', { since: day })).toEqual(['d user']);
  expect(turns('words', { until: day })).toEqual(['b user', 'a user']);
  expect(turns('words', { agentId: 'other' })).toEqual(['d user']);
  expect(turns('words', { outcome: 'interrupted' })).toEqual(['b user']);
  expect(turns('words', { model: 'openai/gpt-5-mini' })).toHaveLength(3);
  expect(turns('words', { model: 'openai/gpt-5' })).toEqual([]);
  expect(turns('words', { minDurationMs: 60_000 })).toEqual([]);
  expect(turns('words', { maxDurationMs: 60_000 })).toHaveLength(3);
  expect(turns('words', { minCost: 0.0001 })).toHaveLength(3);
  expect(turns('words', { minCost: 0.1 })).toEqual([]);
  expect(turns('', { outcome: 'failed' })).toEqual(['c user']);
  expect(turns('', { hasErrors: true })).toEqual(['c user']);
  expect(turns('', { hasErrors: false })).toEqual(['d user', 'b user', 'a user']);
});

it('finds turns by every model that answered in them, not only by those they began with', () => {
  const { log, turns, script } = opened();
  script.wholeTurn('a', { user: 'first words', reply: 'yes' });
  script.begin('b', { source: 'text' });
  script.emit({ type: 'user_speech_committed', turnId: 'b', messageId: 'm', text: 'second words' });
  const used = (stage: 'stt' | 'llm' | 'tts', model: string) =>
    script.emit({ type: 'usage_reported', turnId: 'b', usage: { stage, provider: 'openai', model, raw: null } });
  used('stt', 'another-ear');
  used('llm', 'another-mind');
  used('tts', 'another-voice');
  script.end('b', 'completed');
  for (const model of ['openai/another-ear', 'openai/another-mind', 'openai/another-voice']) {
    expect(turns('', { model })).toEqual(['b user']);
    expect(turns('words', { model })).toEqual(['b user']);
    expect(log.queries.filters().models).toContain(model);
  }
  expect(turns('', { model: 'openai/gpt-5-mini' })).toEqual(['b user', 'a user']);
  expect(turns('', { model: 'openai/another' })).toEqual([]);
  expect(new Set(log.queries.filters().models).size).toBe(log.queries.filters().models.length);
});

it('finds words that were recognised and generated but never became messages', () => {
  const { script, turns } = opened();
  script.begin('a');
  script.emit({ type: 'user_input_transcribed', turnId: 'a', text: 'half a', final: false });
  script.emit({ type: 'user_input_transcribed', turnId: 'a', text: 'half a sentence', final: true });
  script.emit({ type: 'agent_text_generated', turnId: 'a', text: 'An ans' });
  script.emit({ type: 'agent_text_generated', turnId: 'a', text: 'wer' });
  script.end('a', 'failed');
  expect(turns('sentence')).toEqual(['a user']);
  expect(turns('answer')).toEqual(['a agent']);
});

it('finds what tools were called with and what they answered', () => {
  const { script, turns } = opened();
  script.wholeTurn('a', { user: 'Is it cold?', reply: 'Yes' });
  script.begin('b');
  const call = {
    type: 'function_call',
    id: 'i',
    callId: 'c',
    name: 'get_weather',
    arguments: '{"city":"重庆市"}',
    createdAt: 0,
  } as const;
  script.emit({ type: 'conversation_item_added', turnId: 'b', item: call });
  const output = {
    type: 'function_call_output',
    id: 'o',
    callId: 'c',
    name: 'get_weather',
    output: 'Fog',
    isError: false,
    createdAt: 0,
  } as const;
  script.emit({
    type: 'function_tools_executed',
    turnId: 'b',
    executions: [{ call, output, durationMs: 5, failure: null }],
  });
  script.end('b', 'completed');
  expect(turns('重庆')).toEqual(['b tool']);
  expect(turns('get_weather')).toEqual(['b tool']);
  expect(turns('fog')).toEqual(['b tool']);
  expect(turns('', { hasTools: true })).toEqual(['b tool']);
  expect(turns('', { hasTools: false })).toEqual(['a user']);
});

it('forgets what is redacted, to the last byte', () => {
  const { home, script, log, turns, close } = opened();
  script.wholeTurn('a', { user: 'a zebra in the garden', reply: 'Zebras live in Africa' });
  script.wholeTurn('b', { user: 'not that animal', reply: 'Sorry' });
  expect(turns('zebra')).toHaveLength(2);
  log.redactTurn('a', 'text', 'private');
  expect(turns('zebra')).toEqual([]);
  expect(turns('animal')).toEqual(['b user']);
  close();
  const terms = new Database(databasePath(home), { readonly: true });
  expect(terms.prepare("SELECT term FROM spoken_run WHERE term IN ('zeb', 'ebr', 'bra')").all()).toEqual([]);
  terms.close();
  for (const name of readdirSync(join(home, 'log'))) {
    const bytes = readFileSync(join(home, 'log', name)).toString('latin1');
    expect(bytes).not.toMatch(/zebra/i);
    // What the index would hold of it.
    expect(bytes).not.toContain('ebr');
  }
});

it('forgets what is deleted with its session', () => {
  const { script, log, turns } = opened();
  script.wholeTurn('a', { user: 'a zebra in the garden', reply: 'Zebras live in Africa' });
  log.deleteSession('session-1', 'private');
  expect(turns('zebra')).toEqual([]);
});

it('finds one among ten thousand turns, in both languages', () => {
  const { home, close, log } = opened();
  new EventScript(log.record).wholeTurn('seed', { user: 'seed', reply: 'seed' });
  close();
  const database = openDatabase(home);
  const entry = database.prepare("SELECT seq FROM entry WHERE kind = 'user_speech'").pluck().get() as number;
  database.exec(`INSERT INTO turn (id, session_id, started_at, source, ended_at, outcome)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
    SELECT 'turn-' || i, 'session-1', ${STARTED_AT} + i * 1000, 'text', ${STARTED_AT} + i * 1000 + 900, 'completed' FROM n`);
  const seal = database.prepare(
    `INSERT INTO content (entry_seq, name, type, length, salt, bytes) VALUES (?, ?, 'application/json', 0, x'00', ?)`,
  );
  const append = database.prepare(
    `INSERT INTO entry SELECT (SELECT max(seq) + 1 FROM entry), at, 'user_speech', session_id, ?, prev, manifest, hash
      FROM entry WHERE seq = ${entry} RETURNING seq`,
  );
  database.transaction(() => {
    for (let i = 1; i <= 10_000; i++) {
      const words = i === 5_000 ? 'the needle 绣花针在这里' : i % 2 ? `hay number ${i}` : `第${i}根稻草`;
      const { seq } = append.get(`turn-${i}`) as { seq: number };
      seal.run(seq, 'message', Buffer.from(JSON.stringify({ text: words })));
    }
  })();
  database.close();
  const { turns, find } = opened(home);
  for (const query of ['needle', 'the needle', '绣花针', '花针', '绣'])
    expect(turns(query)).toEqual(['turn-5000 user']);
  expect(find('hay', {}, 500)).toHaveLength(500);
  expect(find('稻草', {}, 3).map(({ turnId }) => turnId)).toEqual(['turn-10000', 'turn-9998', 'turn-9996']);
  expect(find('草', {}, 2).map(({ turnId }) => turnId)).toEqual(['turn-10000', 'turn-9998']);
});
