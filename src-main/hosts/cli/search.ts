/** `squelch sessions search`: who said it and when, also while a running Squelch writes the log. */
import type { SearchHit, SearchInput } from '../../../src-preload/contract.ts';
import { openAuditReader } from '../../audit/audit-log.ts';
import { dataFolder } from './data-folder.ts';
import { localTime } from './local-time.ts';
import { EXIT, report, UsageError } from './report.ts';

/** What the command line takes to limit turns. */
export interface FilterOptions {
  readonly agent?: string;
  readonly model?: string;
  readonly outcome?: SearchInput['filter']['outcome'];
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
  /** Seconds. */
  readonly minDuration?: number;
  readonly maxDuration?: number;
  /** US dollars. */
  readonly minCost?: number;
  readonly maxCost?: number;
  readonly tools?: boolean;
  readonly errors?: boolean;
}

export interface SearchOptions extends FilterOptions {
  readonly limit: number;
  readonly json?: boolean;
  readonly home?: string;
}

/** @param query words; null when only filters are wanted. @returns the exit status. @throws UsageError, Fault */
export function search(query: string | null, options: SearchOptions): number {
  const filter = filterOf(options);
  if (query === null && Object.keys(filter).length === 0) throw new UsageError('say what to look for, or a filter');
  const reader = openAuditReader(dataFolder(options.home));
  try {
    const hits = reader?.queries.search({ query: query ?? '', filter, limit: options.limit }) ?? [];
    report(options.json ?? false, hits, hits.length ? hits.map(hitLine).join('\n') : 'Nothing found.');
    return EXIT.done;
  } finally {
    reader?.close();
  }
}

export function filterOf(options: FilterOptions): SearchInput['filter'] {
  const { agent, model, outcome, since, until, minDuration, maxDuration, minCost, maxCost, tools, errors } = options;
  const wanted = {
    agentId: agent,
    model,
    outcome,
    since,
    until,
    minDurationMs: minDuration === undefined ? undefined : minDuration * 1000,
    maxDurationMs: maxDuration === undefined ? undefined : maxDuration * 1000,
    minCost,
    maxCost,
    hasTools: tools,
    hasErrors: errors,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

const SPEAKERS: Readonly<Record<SearchHit['role'], string>> = { user: 'You  ', agent: 'Agent', tool: 'Tool ' };

function hitLine({ sessionId, turnId, at, role, snippet }: SearchHit): string {
  return `${localTime(at)}  ${SPEAKERS[role]}  ${snippet}\n    session ${sessionId} · turn ${turnId}`;
}
