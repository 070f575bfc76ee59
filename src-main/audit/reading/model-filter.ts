/** Turns by the labels of their models, those that they began with and those that answered, through the indexes of migrations 003 and 005. */
import type { LogDatabase } from '../store/database.ts';

export interface ModelFilter {
  /** Labels of all models that any turn was to use or used, in their order. */
  all(): string[];
  /** A condition on `t.id`, whose parameter is the label. */
  conditionFor(label: string): string;
}

/** A model of fewer turns is looked up; with more, one of them is soon met on the way from the newest turn. */
const RARE = 2_000;

/** A label in a content, and which contents hold one: both as an index has them, to the letter. */
interface Place {
  readonly label: string;
  readonly indexed: string;
}

function text(field: string): string {
  return `json_extract(CAST(bytes AS TEXT), '$.${field}')`;
}

function indexed(name: string): string {
  return `name = '${name}' AND bytes IS NOT NULL AND json_valid(CAST(bytes AS TEXT))`;
}

const PLACES: readonly Place[] = [
  ...['stt', 'llm', 'tts'].map((stage) => ({ label: text(stage), indexed: indexed('configuration') })),
  { label: `${text('provider')} || '/' || ${text('model')}`, indexed: indexed('usage') },
];

const LOOKED_UP = `t.id IN (WITH wanted (model) AS (VALUES (?)) SELECT turn_id FROM entry WHERE seq IN (
  ${PLACES.map(
    ({ label, indexed }) => `SELECT entry_seq FROM content WHERE ${label} = (SELECT model FROM wanted) AND ${indexed}`,
  ).join(' UNION ')}))`;
const MET = `EXISTS (WITH wanted (model) AS (VALUES (?)) SELECT 1 FROM wanted, entry e JOIN content ON entry_seq = e.seq
  WHERE e.turn_id = t.id AND e.kind IN ('turn_started', 'usage')
    AND (${PLACES.map(({ label, indexed }) => `(${indexed} AND ${label} = model)`).join(' OR ')}))`;

export function createModelFilter(database: LogDatabase): ModelFilter {
  const next = PLACES.map(({ label, indexed }) =>
    database
      .prepare<[string], string | null>(`SELECT min(${label}) FROM content WHERE ${label} > ? AND ${indexed}`)
      .pluck(),
  );
  const count = database
    .prepare<{ model: string }, number>(
      `SELECT ${PLACES.map(
        ({ label, indexed }) =>
          `(SELECT count(*) FROM (SELECT 1 FROM content WHERE ${label} = @model AND ${indexed} LIMIT ${RARE}))`,
      ).join(' + ')}`,
    )
    .pluck();
  return {
    all() {
      const found = new Set<string>();
      for (const statement of next) {
        for (let label = statement.get(''); label; label = statement.get(label)) found.add(label);
      }
      return [...found].sort();
    },
    conditionFor: (model) => ((count.get({ model }) ?? 0) < RARE ? LOOKED_UP : MET),
  };
}
