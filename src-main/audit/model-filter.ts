/** Turns by the labels of their models, through the indexes of migration 003. */
import type { LogDatabase } from './database.ts';

export interface ModelFilter {
  /** Labels of all models that any turn was to use, in their order. */
  all(): string[];
  /** A condition on `t.id`, whose parameter is the label. */
  conditionFor(label: string): string;
}

/** A model of fewer turns is looked up; with more, one of them is soon met on the way from the newest turn. */
const RARE = 2_000;
const STAGES = ['stt', 'llm', 'tts'] as const;

/** As the indexes have it, to the letter. */
const INDEXED = "name = 'configuration' AND bytes IS NOT NULL AND json_valid(CAST(bytes AS TEXT))";

function labelOf(stage: (typeof STAGES)[number]): string {
  return `json_extract(CAST(bytes AS TEXT), '$.${stage}')`;
}

const LOOKED_UP = `t.id IN (WITH wanted (label) AS (VALUES (?)) SELECT turn_id FROM entry WHERE seq IN (
  ${STAGES.map(
    (stage) => `SELECT entry_seq FROM content WHERE ${labelOf(stage)} = (SELECT label FROM wanted) AND ${INDEXED}`,
  ).join(' UNION ')}))`;
const MET = `EXISTS (SELECT 1 FROM entry e JOIN content c ON c.entry_seq = e.seq
  WHERE e.turn_id = t.id AND e.kind = 'turn_started' AND c.name = 'configuration'
    AND ? IN (${STAGES.map((stage) => `json_extract(CAST(c.bytes AS TEXT), '$.${stage}')`).join(', ')}))`;

export function createModelFilter(database: LogDatabase): ModelFilter {
  const next = STAGES.map((stage) =>
    database
      .prepare<[string], string | null>(
        `SELECT min(${labelOf(stage)}) FROM content WHERE ${labelOf(stage)} > ? AND ${INDEXED}`,
      )
      .pluck(),
  );
  const count = database
    .prepare<{ label: string }, number>(
      `SELECT ${STAGES.map(
        (stage) =>
          `(SELECT count(*) FROM (SELECT 1 FROM content WHERE ${labelOf(stage)} = @label AND ${INDEXED} LIMIT ${RARE}))`,
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
    conditionFor: (label) => ((count.get({ label }) ?? 0) < RARE ? LOOKED_UP : MET),
  };
}
