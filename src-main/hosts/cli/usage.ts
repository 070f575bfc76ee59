/** `squelch sessions usage`: what was used and what it cost, also while a running Squelch writes the log. */
import type { UsageSum, UsageSummaryInput } from '../../../src-preload/contract.ts';
import { openAuditReader } from '../../audit/audit-log.ts';
import { loadPrices } from '../../audit/cost/price-table.ts';
import { dataFolder } from './data-folder.ts';
import { EXIT, mention, report } from './report.ts';

export interface UsageOptions {
  readonly by: UsageSummaryInput['by'];
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly json?: boolean;
  readonly home?: string;
}

/** @returns the exit status. @throws Fault */
export async function usage({ by, since, json, home }: UsageOptions): Promise<number> {
  const folder = dataFolder(home);
  const { problem } = loadPrices(folder);
  if (problem) mention(`squelch: ${problem}. The prices that come with Squelch are used.`);
  const reader = openAuditReader(folder);
  try {
    const sums = (await reader?.queries.summarizeUsage({ since: since ?? null, by })) ?? [];
    report(json ?? false, sums, sums.length ? sums.map((sum) => sumLine(by, sum)).join('\n') : 'Nothing was used yet.');
    return EXIT.done;
  } finally {
    reader?.close();
  }
}

function sumLine(by: UsageOptions['by'], sum: UsageSum): string {
  const { key, turns, calls, inputTokens, outputTokens, audioMs, cost, unpricedCalls } = sum;
  const name = by === 'speaker' && key === '' ? 'you' : key;
  const facts = [turns === 1 ? '1 turn' : `${turns} turns`, calls === 1 ? '1 call' : `${calls} calls`];
  if (inputTokens + outputTokens > 0) facts.push(`${inputTokens} tokens in, ${outputTokens} out`);
  if (audioMs > 0) facts.push(`${(audioMs / 60_000).toFixed(1)} min of sound`);
  facts.push(`$${cost.toFixed(4)}`);
  if (unpricedCalls > 0) facts.push(`and ${unpricedCalls} calls of unknown price`);
  return `${name.padEnd(28)} ${facts.join(' · ')}`;
}
