/** What was used and what it cost: over time as a chart, stacked by model or agent, and the figures in a table. */
import '../ui/table.css';
import './usage.css';
import { Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { AppView, FaultView, UsageSum } from '../../src-preload/contract.ts';
import { nameOfAgent } from '../agents/agent-name.ts';
import { faultOf } from '../bridge/command-error.ts';
import { formatCost, formatCount, formatDay } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import type { PriceDraft } from '../settings/price-dialog.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { part } from '../ui/part.tsx';
import { Select } from '../ui/select.tsx';
import { UsageChart } from './usage-chart.tsx';
import { addUp, amountOf, calendarDay, type Measure, OTHERS, usageDays } from './usage-days.ts';

const PriceDialog = part(async () => (await import('../settings/price-dialog.tsx')).PriceDialog);

const { usage: told } = words.history;

type By = 'model' | 'agent' | 'speaker' | 'day';
type Span = keyof typeof told.spans;

const GROUPS: readonly By[] = ['model', 'agent', 'speaker', 'day'];
const SPANS: readonly Span[] = ['30', '90', '365', 'all'];
const MEASURES: readonly Measure[] = ['cost', 'tokens', 'turns'];

export function Usage() {
  const agents = useWindow((state) => state.agents);
  const [by, setBy] = useState<By>('model');
  const [span, setSpan] = useState<Span>('30');
  const [chosen, setMeasure] = useState<Measure | null>(null);
  const [pricing, setPricing] = useState<PriceDraft | null>(null);
  const app = useWindow((state) => state.app);
  const { sums, fault, read } = useSums(by, span);
  // Until something is chosen: what there is to show.
  const measure = chosen ?? (sums?.some(({ cost }) => cost > 0) ? 'cost' : 'tokens');
  const days = useMemo(() => {
    const first = span === 'all' ? null : calendarDay(daysAgo(Number(span)));
    return usageDays(by === 'day' ? asOne(sums ?? []) : (sums ?? []), measure, {
      first,
      last: calendarDay(new Date()),
    });
  }, [sums, by, span, measure]);
  const rows = useMemo(() => (by === 'day' ? (sums ?? []).toReversed() : addUp(sums ?? [])), [sums, by]);

  const nameOf = (key: string) => {
    if (by === 'agent') return nameOfAgent(agents, key);
    if (by === 'speaker') return key || words.talk.you;
    return by === 'day' ? formatDay(new Date(`${key}T00:00`).getTime()) : key;
  };
  const most = Math.max(...rows.map((row) => amountOf(row, measure)), Number.MIN_VALUE);
  return (
    <section className="usage" aria-labelledby="usage-title">
      <div className="usage-head">
        <h3 className="usage-title" id="usage-title">
          {told.title}
        </h3>
        <Select aria-label={told.since} values={SPANS} names={told.spans} value={span} onChoose={setSpan} />
        <Select aria-label={told.by} values={GROUPS} names={told.groups} value={by} onChoose={setBy} />
        <Select
          aria-label={told.measure}
          values={MEASURES}
          names={told.measures}
          value={measure}
          onChoose={setMeasure}
        />
      </div>
      <FaultNote fault={fault} />
      {!sums && !fault && <p className="usage-note">{told.reading}</p>}
      {sums?.length === 0 && <p className="usage-note">{told.none}</p>}
      {sums && sums.length > 0 && (
        <>
          <UsageChart usage={days} measure={measure} nameOf={nameOf} />
          <table className="table usage-table">
            <thead>
              <tr>
                <th scope="col">{told.groups[by]}</th>
                <th scope="col">{told.cost}</th>
                <th scope="col">{told.turns}</th>
                <th scope="col">{told.input}</th>
                <th scope="col">{told.output}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  <th scope="row">
                    {nameOf(row.key)}
                    <svg className="usage-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                      <rect width={(100 * amountOf(row, measure)) / most} height="4" />
                    </svg>
                  </th>
                  <td className="evidence">
                    {costOf(row)}
                    {by === 'model' && row.unpricedCalls > 0 && (
                      <button type="button" className="link usage-price" onClick={() => setPricing(unpriced(row, app))}>
                        {told.setPrice}
                        <span className="visually-hidden"> {row.key}</span>
                      </button>
                    )}
                  </td>
                  <td className="evidence">{formatCount(row.turns)}</td>
                  <td className="evidence">{formatCount(row.inputTokens)}</td>
                  <td className="evidence">{formatCount(row.outputTokens)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <Suspense>
        {pricing && (
          <PriceDialog
            price={pricing}
            onSaved={() => {
              setPricing(null);
              read();
            }}
            onClose={() => setPricing(null)}
          />
        )}
      </Suspense>
    </section>
  );
}

/** A model without a price, at the server that it has now. */
function unpriced({ key }: UsageSum, app: AppView | null): PriceDraft {
  const [provider = '', ...model] = key.split('/');
  const stage = Object.values(app?.stages ?? {}).find(({ label }) => label === key || label.startsWith(`${key}/`));
  return {
    server: stage?.baseUrl ? new URL(stage.baseUrl).host : (DEFAULT_SERVERS[provider] ?? ''),
    model: model.join('/'),
  };
}

const DEFAULT_SERVERS: Readonly<Record<string, string>> = { openai: 'api.openai.com' };

/** @returns of each day, in their order; null until they are added up */
function useSums(by: By, span: Span) {
  const { bridge } = useServices();
  const [found, setFound] = useState<{ readonly by: By; readonly sums: readonly UsageSum[] } | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once more, it adds up once more
  useEffect(() => {
    let superseded = false;
    setFound(null);
    setFault(null);
    bridge
      .invoke('usage.summary', { since: span === 'all' ? null : daysAgo(Number(span)).getTime(), by, eachDay: true })
      .then((sums) => superseded || setFound({ by, sums }))
      .catch((thrown) => superseded || setFault(faultOf(thrown)));
    return () => {
      superseded = true;
    };
  }, [bridge, by, span, asked]);
  // Until it is added up anew, what is there has other keys: an agent is no day.
  const sums = found?.by === by ? found.sums : null;
  return { sums, fault, read: useCallback(() => setAsked((count) => count + 1), []) };
}

/** The beginning of the first of so many days, today among them. */
function daysAgo(days: number): Date {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1);
}

/** Days as they are, not taken apart further. */
function asOne(sums: readonly UsageSum[]): UsageSum[] {
  return sums.map((sum) => ({ ...sum, key: OTHERS }));
}

/** A sum that leaves out calls without a known price says so. */
function costOf({ calls, cost, unpricedCalls }: UsageSum): string {
  if (unpricedCalls === 0) return formatCost(cost);
  return unpricedCalls === calls ? told.unpriced : told.partly(formatCost(cost));
}
