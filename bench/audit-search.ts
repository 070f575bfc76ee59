/**
 * Searching and leafing through a log of very many turns, as the command line and the window do it: p95 of every kind of
 * query against 20 ms, a page of the history against 10 ms.
 *
 *   npm run bench:search -- [--turns 100000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createQueries } from '../src-main/audit/reading/queries.ts';
import { type LogDatabase, openDatabase } from '../src-main/audit/store/database.ts';
import type { SearchInput } from '../src-preload/contract.ts';
import { CONFIGURATION } from '../tests/support/turns.ts';
import { quantile } from './quantile.ts';

const { values } = parseArgs({ options: { turns: { type: 'string', default: '100000' } } });
const turns = Number(values.turns);
const TURNS_PER_SESSION = 10;
const STARTED_AT = Date.UTC(2026, 0, 1);
const SEARCH_MS = 20;
const PAGE_MS = 10;
const RUNS = 25;

/** Common words first; then as many again as somebody uses, made of syllables. */
const ENGLISH = [
  ...'the of and to in is you that it he was for on are as with his they at be this have from or one had by not what all'.split(
    ' ',
  ),
  ...'were we when can said there use each which she do how their if will up other about out many then them these so some'.split(
    ' ',
  ),
  ...'radio kitchen mountain garden river letter open window never station weather meeting music morning question'.split(
    ' ',
  ),
  ...Array.from({ length: 6_000 }, (_, index) =>
    [index % 18, Math.floor(index / 18) % 18, Math.floor(index / 324)]
      .map((part) => 'ka re mi ton les ver pol ing sta ner do bri cla un fo ther ma sen'.split(' ')[part % 18])
      .join(''),
  ),
];
const CHINESE = Array.from({ length: 3_000 }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7) % 20_000)));
for (const [index, character] of [...'的一是不了在人有我他这天公园气很好今'].entries()) CHINESE[index] = character;

let state = 1;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return (state >>> 8) / 2 ** 24;
}

/** The n-th word is about n times rarer than the first, as in any language (Zipf). */
function pick(items: readonly string[]): string {
  return items[Math.floor(items.length ** random()) - 1] as string;
}

function sentence(turn: number, length: number): string {
  if (turn % 4 === 0) return Array.from({ length: length * 2 }, () => pick(CHINESE)).join('');
  return Array.from({ length }, () => pick(ENGLISH)).join(' ');
}

/** Rows as the recorder leaves them, without the chain, which searching does not read. */
function fill(database: LogDatabase): void {
  const session = database.prepare('INSERT INTO session VALUES (?, ?, ?)');
  const turn = database.prepare("INSERT INTO turn VALUES (?, ?, ?, 'voice', NULL, ?, 'completed')");
  const entry = database.prepare('INSERT INTO entry VALUES (?, ?, ?, ?, ?, zeroblob(32), zeroblob(400), zeroblob(32))');
  const content = database.prepare(
    "INSERT INTO content (entry_seq, name, type, length, salt, bytes) VALUES (?, ?, 'application/json', 0, x'00', ?)",
  );
  let seq = 0;
  database.transaction(() => {
    for (let index = 0; index < turns; index++) {
      const at = STARTED_AT + index * 60_000;
      const sessionId = `session-${Math.floor(index / TURNS_PER_SESSION)}`;
      if (index % TURNS_PER_SESSION === 0) session.run(sessionId, at, 'assistant');
      turn.run(`turn-${index}`, sessionId, at, at + 5_000);
      const rare = index === Math.floor(turns / 3) ? ' zebra 鑫盛' : '';
      // One turn in a hundred used another model, the first one a third.
      const llm = index === 0 ? 'openai/rare' : index % 100 === 0 ? 'openai/seldom' : 'openai/common';
      seq += 1;
      entry.run(seq, at, 'turn_started', sessionId, `turn-${index}`);
      content.run(seq, 'configuration', Buffer.from(JSON.stringify({ ...CONFIGURATION, llm })));
      for (const [kind, text] of [
        ['user_speech', sentence(index, 12) + rare],
        ['agent_speech', sentence(index, 40)],
      ] as const) {
        seq += 1;
        entry.run(seq, at, kind, sessionId, `turn-${index}`);
        content.run(seq, 'message', Buffer.from(JSON.stringify({ text })));
      }
    }
  })();
}

const QUERIES: readonly (readonly [name: string, input: Partial<SearchInput>])[] = [
  ['common word', { query: 'radio' }],
  ['rare word', { query: 'zebra' }],
  ['word that is not there', { query: 'xylophone' }],
  ['two words', { query: 'kitchen mountain' }],
  ['three words', { query: 'garden river letter' }],
  ['words together', { query: '"open the window"' }],
  ['words together, not there', { query: '"never the garden of radio"' }],
  ['two letters, common', { query: 'to' }],
  ['two letters, not there', { query: 'zq' }],
  ['Chinese, two, common', { query: '公园' }],
  ['Chinese, two, rare', { query: '鑫盛' }],
  ['Chinese, one', { query: '鑫' }],
  ['Chinese, four', { query: '天气很好' }],
  ['Chinese, not there', { query: '火车站' }],
  ['both languages', { query: 'zebra 鑫盛' }],
  ['word in the oldest tenth', { query: 'radio', filter: { until: STARTED_AT + turns * 6_000 } }],
  ['word and a model that was not used', { query: 'zebra', filter: { model: 'openai/none' } }],
  ['word and a common model', { query: 'radio', filter: { model: 'openai/common' } }],
  ['no words, common model', { query: '', filter: { model: 'openai/common' } }],
  ['no words, seldom model', { query: '', filter: { model: 'openai/seldom' } }],
  ['no words, rare model', { query: '', filter: { model: 'openai/rare' } }],
  ['no words, model that was not used', { query: '', filter: { model: 'openai/none' } }],
  ['no words, one day', { query: '', filter: { since: STARTED_AT, until: STARTED_AT + 86_400_000 } }],
];

const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
try {
  const database = openDatabase(home);
  fill(database);
  database.pragma('wal_checkpoint(TRUNCATE)');
  const queries = createQueries(home, database);
  const all: number[] = [];
  for (const [name, input] of QUERIES) {
    let hits = 0;
    const elapsed = measure(() => {
      hits = queries.search({ query: '', filter: {}, limit: 50, ...input }).length;
    });
    all.push(...elapsed);
    report(name, elapsed, SEARCH_MS, `${hits} hits`);
  }
  report('all searches', all, SEARCH_MS);
  report(
    'models to choose from',
    measure(() => queries.filters()),
    SEARCH_MS,
  );
  const last = STARTED_AT + turns * 60_000;
  const pages = measure((run) => queries.listSessions({ before: last - (run * turns * 60_000) / RUNS, limit: 50 }));
  report('page of 50 sessions', pages, PAGE_MS);
  const opened = measure((run) => queries.getSession(`session-${run * Math.floor(turns / TURNS_PER_SESSION / RUNS)}`));
  report('session of 10 turns', opened, PAGE_MS);
  database.close();
} finally {
  rmSync(home, { recursive: true, force: true });
}

function measure(work: (run: number) => unknown): number[] {
  return Array.from({ length: RUNS }, (_, run) => {
    const start = performance.now();
    work(run);
    return performance.now() - start;
  });
}

function report(name: string, elapsedMs: readonly number[], limitMs: number, note = ''): void {
  const [p50, p95] = [quantile(elapsedMs, 0.5), quantile(elapsedMs, 0.95)];
  const ratio = `${(p95 / limitMs).toFixed(2)} of ${limitMs} ms`;
  console.log(
    `${name.padEnd(36)} p50 ${p50.toFixed(2).padStart(7)}  p95 ${p95.toFixed(2).padStart(7)} ms  ${ratio}  ${note}`,
  );
}
