/** Sums of days as a chart stacks them: for each day how much of each key, the largest keys by name, the rest together. */
import type { UsageSum } from '../../src-preload/contract.ts';

export type Measure = 'cost' | 'tokens' | 'turns';

/** Of the rest. */
export const OTHERS = '';

export interface UsageDay {
  /** `2026-11-03`. */
  readonly day: string;
  /** Of each key, in their order. */
  readonly parts: readonly number[];
  readonly total: number;
}

export interface UsageDays {
  /** What there is most of comes first; `OTHERS` last. */
  readonly keys: readonly string[];
  /** Every day of the time, also those without anything. */
  readonly days: readonly UsageDay[];
}

/** More inks than that can't be told apart. */
const MOST_KEYS = 4;

export function amountOf({ cost, inputTokens, outputTokens, turns }: UsageSum, measure: Measure): number {
  if (measure === 'cost') return cost;
  return measure === 'turns' ? turns : inputTokens + outputTokens;
}

/**
 * @param sums of each day, in their order
 * @param time its first and last day; null ends are those of the sums
 */
export function usageDays(
  sums: readonly UsageSum[],
  measure: Measure,
  time: { readonly first: string | null; readonly last: string | null },
): UsageDays {
  const totals = new Map<string, number>();
  for (const sum of sums) totals.set(sum.key, (totals.get(sum.key) ?? 0) + amountOf(sum, measure));
  const ranked = [...totals].sort(([, a], [, b]) => b - a).map(([key]) => key);
  const named = ranked.length > MOST_KEYS ? ranked.slice(0, MOST_KEYS - 1) : ranked;
  const keys = ranked.length > named.length ? [...named, OTHERS] : named;
  const byDay = Map.groupBy(sums, ({ day }) => day ?? '');
  const days = daysFrom(time.first ?? sums[0]?.day, time.last ?? sums.at(-1)?.day).map((day) => {
    const parts = keys.map(() => 0);
    for (const sum of byDay.get(day) ?? []) {
      const place = named.indexOf(sum.key);
      const index = place === -1 ? keys.length - 1 : place;
      parts[index] = (parts[index] ?? 0) + amountOf(sum, measure);
    }
    return { day, parts, total: parts.reduce((sum, part) => sum + part, 0) };
  });
  return { keys, days };
}

const SUMMED = ['turns', 'calls', 'inputTokens', 'outputTokens', 'cost', 'unpricedCalls'] as const;

/** All days together, what cost most first. */
export function addUp(sums: readonly UsageSum[]): UsageSum[] {
  const whole = new Map<string, { -readonly [K in keyof UsageSum]: UsageSum[K] }>();
  for (const sum of sums) {
    const known = whole.get(sum.key);
    if (!known) whole.set(sum.key, { ...sum, day: null });
    else for (const field of SUMMED) known[field] += sum[field];
  }
  return [...whole.values()].sort((a, b) => b.cost - a.cost || b.inputTokens - a.inputTokens);
}

/** The day of the user's calendar: `2026-11-03`. */
export function calendarDay(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** By the calendar: days are not all equally long. */
function daysFrom(first: string | null | undefined, last: string | null | undefined): string[] {
  if (!first || !last) return [];
  const days: string[] = [];
  const day = new Date(`${first}T00:00Z`);
  for (let at = first; at <= last; at = day.toISOString().slice(0, 10)) {
    days.push(at);
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return days;
}
