/**
 * Finds words in what was said and answered, newest first. Words of three characters and more are looked up in the
 * index of migration 002; shorter ones by the runs that begin with them, or, when they are common and so soon found,
 * by reading backwards from the newest.
 */
import type { SearchHit, SearchInput } from '../../../src-preload/contract.ts';
import { Fault } from '../../fault.ts';
import type { LogDatabase } from '../store/database.ts';
import { createModelFilter } from './model-filter.ts';
import { snippetOf } from './snippet.ts';

export type TurnFilter = SearchInput['filter'];

interface HitRow {
  readonly turn_id: string;
  readonly session_id: string;
  readonly started_at: number;
  /** null for a turn without words. */
  readonly role: SearchHit['role'] | null;
  readonly text: string | null;
}

/** How one word is found: in the index by an expression, by comparing texts, or by both. */
type Clause = { readonly match?: string; readonly like?: string } | 'nothing';

const RUN_LENGTH = 3;
/** A short word that is in more texts than that is common. */
const RARE = 2_000;
/** Words are written within a turn, which no one holds for a day. */
const LONGEST_TURN_MS = 86_400_000;
/** More are no search, but a text. */
const MAX_WORDS = 20;

/** Where hits come from, always from the newest on: the index, all texts, or all turns with their first words. */
const INDEX = {
  from: 'FROM spoken_runs r CROSS JOIN spoken s ON s.id = r.rowid CROSS JOIN turn t ON t.id = s.turn_id',
  where: 'spoken_runs MATCH ?',
  order: 'r.rowid',
};
const TEXTS = { from: 'FROM spoken s CROSS JOIN turn t ON t.id = s.turn_id', where: '1', order: 's.id' };
/** Without words, which only the hits are worth: sorting would carry those of all turns. */
const TURNS = { from: 'FROM turn t', where: '1', order: 't.started_at' };

export interface Search {
  /**
   * @param input `query`: words that must all occur, in one text; "words in quotes" must stand together. Without a query,
   *   all turns that pass the filter, by their first words.
   * @param accepts a last word on each turn, asked from the newest on until enough are found
   * @throws Fault `query-empty` when there are neither words nor a filter, `query-too-long`
   */
  find(input: SearchInput, accepts: (turnId: string) => boolean): SearchHit[];
  /** Labels of the models that a filter can name. */
  models(): string[];
}

export function createSearch(database: LogDatabase): Search {
  const runs = database.prepare<[string, string], { term: string; doc: number }>(
    'SELECT term, doc FROM spoken_run WHERE term >= ? AND term < ?',
  );

  const modelFilter = createModelFilter(database);
  const firstWords = database.prepare<[string], Pick<HitRow, 'role' | 'text'>>(
    'SELECT role, text FROM spoken WHERE turn_id = ? ORDER BY id LIMIT 1',
  );
  // The plus keeps SQLite from walking through the ids instead of the times.
  const firstAfter = database.prepare<[number], number>('SELECT min(+id) FROM spoken WHERE at >= ?').pluck();
  const lastBefore = database.prepare<[number], number>('SELECT max(+id) FROM spoken WHERE at < ?').pluck();

  function clauseOf(word: string): Clause {
    const telling = tellingWords(word);
    if (telling.length > 0) return { match: telling.map(quoted).join(' AND '), like: likePattern(word) };
    if ([...word].length >= RUN_LENGTH) return { match: quoted(word) };
    const terms: string[] = [];
    let texts = 0;
    const start = word.toLowerCase();
    for (const { term, doc } of runs.iterate(start, `${start}\u{10ffff}`)) {
      terms.push(quoted(term));
      texts += doc;
      if (texts > RARE) return { like: likePattern(word) };
    }
    return terms.length === 0 ? 'nothing' : { match: `(${terms.join(' OR ')})` };
  }

  /** Leaves out what was written long before or after, so that only the texts of the time asked for are gone through. */
  function boundTo({ since, until }: TurnFilter, id: string, conditions: string[], values: unknown[]): void {
    if (since !== undefined) {
      conditions.push(`${id} >= ?`);
      values.push(firstAfter.get(since - LONGEST_TURN_MS) ?? Number.MAX_SAFE_INTEGER);
    }
    if (until !== undefined) {
      conditions.push(`${id} <= ?`);
      values.push(lastBefore.get(until + LONGEST_TURN_MS) ?? 0);
    }
  }

  return {
    find({ query, filter, limit }, accepts) {
      const words = wordsOf(query);
      const { conditions, values } = conditionsOf(filter, modelFilter.conditionFor);
      if (words.length === 0) refuseEmpty(query, filter);
      if (words.length > MAX_WORDS) {
        throw new Fault('query-too-long', `A search takes up to ${MAX_WORDS} words.`, { hint: 'Leave some out.' });
      }
      const clauses = words.map(clauseOf);
      if (clauses.includes('nothing')) return [];
      const found = clauses.filter((clause) => clause !== 'nothing');
      const matches = found.flatMap(({ match }) => match ?? []);
      const likes = found.flatMap(({ like }) => like ?? []);
      const source = words.length === 0 ? TURNS : matches.length > 0 ? INDEX : TEXTS;
      if (source !== TURNS) boundTo(filter, source.order, conditions, values);
      const compared = likes.map(() => `s.text LIKE ? ESCAPE '\\'`);
      const statement = database.prepare<unknown[], HitRow>(
        `SELECT t.id AS turn_id, t.session_id, t.started_at, ${source === TURNS ? 'NULL AS role, NULL AS text' : 's.role, s.text'} ${source.from}
          JOIN session ON session.id = t.session_id
          WHERE ${[source.where, ...compared, ...conditions].join(' AND ')} ORDER BY ${source.order} DESC`,
      );
      const expression = source === INDEX ? [matches.join(' AND ')] : [];
      const hits: SearchHit[] = [];
      for (const row of statement.iterate(...expression, ...likes, ...values)) {
        if (!accepts(row.turn_id)) continue;
        hits.push(hitOf(source === TURNS ? { ...row, ...firstWords.get(row.turn_id) } : row, words));
        if (hits.length === limit) break;
      }
      return hits;
    },
    models: modelFilter.all,
  };
}

function hitOf({ turn_id, session_id, started_at, role, text }: HitRow, words: readonly string[]): SearchHit {
  const snippet = snippetOf(text?.trimEnd() ?? '', words);
  return { sessionId: session_id, turnId: turn_id, at: started_at, role: role ?? 'user', ...snippet };
}

/**
 * The longer words of words that must stand together: looked up first, they leave few texts to compare, where following
 * every run of three characters through the index takes long. Only where comparing knows small from large letters as the
 * index does.
 */
function tellingWords(together: string): string[] {
  if (!/^[\x20-\x7e]*$/.test(together)) return [];
  const words = together.split(/[^A-Za-z0-9]+/).filter((word) => word.length > RUN_LENGTH);
  return words.length > 1 || /\s/.test(together) ? [...new Set(words)] : [];
}

/** What stands in quotes, or between spaces, and holds a letter or digit of any script. */
function wordsOf(query: string): string[] {
  return [...query.matchAll(/"([^"]*)"?|[^\s"]+/g)]
    .map(([word, inQuotes]) => (inQuotes ?? word).trim())
    .filter((word) => /[\p{L}\p{N}\p{S}]/u.test(word));
}

function refuseEmpty(query: string, filter: TurnFilter): void {
  const filtered = Object.values(filter).some((value) => value !== undefined);
  if (query.trim() === '' && filtered) return;
  throw new Fault(
    'query-empty',
    query.trim() === '' ? 'There is nothing to look for.' : `There are no letters or digits in ${query.trim()}.`,
    { hint: 'Give a word, or several; “in quotes” they must stand together.' },
  );
}

function conditionsOf(
  filter: TurnFilter,
  modelCondition: (label: string) => string,
): { conditions: string[]; values: unknown[] } {
  const { since, until, agentId, model, outcome, minDurationMs, maxDurationMs, hasTools, hasErrors } = filter;
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  where('t.started_at >= ?', since);
  where('t.started_at < ?', until);
  where('session.agent_id = ?', agentId);
  where('t.outcome = ?', outcome);
  where('t.ended_at - t.started_at >= ?', minDurationMs);
  where('t.ended_at - t.started_at <= ?', maxDurationMs);
  if (model !== undefined) where(modelCondition(model), model);
  where(
    `EXISTS (SELECT 1 FROM entry e WHERE e.turn_id = t.id AND e.kind = 'tool_call') = ?`,
    hasTools === undefined ? undefined : Number(hasTools),
  );
  where(`(t.outcome IN ('failed', 'crashed')) = ?`, hasErrors === undefined ? undefined : Number(hasErrors));
  return { conditions, values };
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function likePattern(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`;
}
