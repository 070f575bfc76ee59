/** What was used and what it cost, added up by model, agent, speaker or day. Read turn by turn, with pauses: it may be called beside a voice. */
import { setImmediate as pause } from 'node:timers/promises';
import type { UsageSum, UsageSummaryInput } from '../../../src-preload/contract.ts';
import type { ModelStage, Usage } from '../../speech/call.ts';
import { type AttemptRecord, readRecord } from '../chain/records.ts';
import type { LogDatabase } from '../store/database.ts';
import type { PriceTable } from './price-table.ts';

interface TurnRow {
  readonly id: string;
  readonly started_at: number;
  readonly agent_id: string;
}

type Sum = { -readonly [K in keyof UsageSum]: UsageSum[K] };

const TURNS_AT_ONCE = 100;
const COUNTED = [
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'reasoningTokens',
  'audioMs',
  'characters',
] as const;

/** @returns days in their order, within one what cost most first */
export async function summarizeUsage(
  database: LogDatabase,
  prices: PriceTable,
  { since, by, eachDay = false }: UsageSummaryInput,
): Promise<UsageSum[]> {
  const page = database.prepare<{ at: number; id: string }, TurnRow>(
    `SELECT t.id, t.started_at, s.agent_id FROM turn t JOIN session s ON s.id = t.session_id
      WHERE (t.started_at, t.id) > (@at, @id) ORDER BY t.started_at, t.id LIMIT ${TURNS_AT_ONCE}`,
  );
  const records = database.prepare<[string], { kind: string; bytes: Uint8Array }>(
    `SELECT e.kind, c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
      WHERE e.turn_id = ? AND e.kind IN ('usage', 'attempt') AND c.name = e.kind AND c.bytes IS NOT NULL`,
  );
  const speaker = database
    .prepare<[string], string | null>(
      `SELECT CASE WHEN json_valid(CAST(c.bytes AS TEXT))
          THEN json_extract(CAST(c.bytes AS TEXT), '$.input.speaker.name') END
        FROM entry e JOIN content c ON c.entry_seq = e.seq
        WHERE e.turn_id = ? AND e.kind = 'turn_started' AND c.name = 'configuration' AND c.bytes IS NOT NULL`,
    )
    .pluck();
  const sums = new Map<string, Sum>();

  function add(turn: TurnRow): void {
    const usage: Usage[] = [];
    const servers = new Map<string, string>();
    for (const { kind, bytes } of records.all(turn.id)) {
      const record = readRecord<Usage | AttemptRecord>(bytes);
      if (!record) continue;
      if (kind === 'usage') usage.push(record as Usage);
      else servers.set((record as AttemptRecord).stage, new URL((record as AttemptRecord).url).host);
    }
    const counted = new Set<Sum>();
    for (const one of usage) {
      const key = by === 'speaker' ? (speaker.get(turn.id) ?? '') : keyOf(turn, one, by);
      const day = eachDay ? dayOf(turn) : null;
      const sum = sums.get(`${day} ${key}`) ?? emptySum(key, day);
      sums.set(`${day} ${key}`, sum);
      if (!counted.has(sum)) sum.turns += 1;
      counted.add(sum);
      sum.calls += 1;
      for (const field of COUNTED) sum[field] += one[field] ?? 0;
      const cost = prices.costOf([one], turn.started_at, (stage: ModelStage) => servers.get(stage) ?? null);
      if (cost === null) sum.unpricedCalls += 1;
      else sum.cost += cost;
    }
  }

  let last = { at: (since ?? 0) - 1, id: '\u{10ffff}' };
  while (true) {
    const turns = page.all(last);
    for (const turn of turns) add(turn);
    const final = turns.at(-1);
    if (!final || turns.length < TURNS_AT_ONCE) break;
    last = { at: final.started_at, id: final.id };
    await pause();
  }
  const place = ({ day, key }: Sum) => (by === 'day' ? key : (day ?? ''));
  return [...sums.values()].sort((a, b) => place(a).localeCompare(place(b)) || b.cost - a.cost);
}

function keyOf(turn: TurnRow, { provider, model }: Usage, by: Exclude<UsageSummaryInput['by'], 'speaker'>): string {
  if (by === 'agent') return turn.agent_id;
  return by === 'model' ? `${provider}/${model}` : dayOf(turn);
}

function dayOf({ started_at }: TurnRow): string {
  const day = new Date(started_at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

function emptySum(key: string, day: string | null): Sum {
  return {
    key,
    day,
    turns: 0,
    calls: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    audioMs: 0,
    characters: 0,
    cost: 0,
    unpricedCalls: 0,
  };
}
