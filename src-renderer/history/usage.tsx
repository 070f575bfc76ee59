/** What was used and what it cost, by day, model or agent: a bar for the cost, the figures beside it. */
import './usage.css';
import { useEffect, useState } from 'react';
import type { FaultView, UsageSum, UsageSummaryInput } from '../../src-preload/contract.ts';
import { nameOfAgent } from '../agents/agent-name.ts';
import { faultOf } from '../bridge/command-error.ts';
import { formatCost, formatCount, formatDay, sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';

const { usage: told } = words.history;

type By = UsageSummaryInput['by'];
const GROUPS: readonly By[] = ['day', 'model', 'agent'];

export function Usage() {
  const { bridge } = useServices();
  const agents = useWindow((state) => state.agents);
  const [by, setBy] = useState<By>('day');
  const [sums, setSums] = useState<readonly UsageSum[] | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);

  useEffect(() => {
    setSums(null);
    bridge
      .invoke('usage.summary', { since: null, by })
      .then(setSums)
      .catch((thrown) => setFault(faultOf(thrown)));
  }, [bridge, by]);

  const nameOf = (key: string) => {
    if (by === 'agent') return nameOfAgent(agents, key);
    return by === 'day' ? formatDay(new Date(`${key}T00:00`).getTime(), Date.now()) : key;
  };
  const most = Math.max(...(sums ?? []).map(({ cost }) => cost), Number.MIN_VALUE);
  return (
    <section className="usage" aria-labelledby="usage-title">
      <div className="usage-head">
        <h3 className="usage-title" id="usage-title">
          {told.title}
        </h3>
        <select
          className="input usage-by"
          aria-label={told.by}
          value={by}
          onChange={({ target }) => setBy(GROUPS[target.selectedIndex] ?? 'day')}
        >
          {GROUPS.map((group) => (
            <option key={group} value={group}>
              {told.groups[group]}
            </option>
          ))}
        </select>
      </div>
      {fault && (
        <p className="usage-error" role="status">
          {sentence(fault.message)} {sentence(fault.hint)}
        </p>
      )}
      {sums?.length === 0 && <p className="usage-note">{told.none}</p>}
      {sums && sums.length > 0 && (
        <table className="usage-table">
          <thead>
            <tr>
              <th scope="col">{told.groups[by]}</th>
              <th scope="col" className="usage-cost">
                {told.cost}
              </th>
              <th scope="col">{told.turns}</th>
              <th scope="col">{told.input}</th>
              <th scope="col">{told.output}</th>
            </tr>
          </thead>
          <tbody>
            {sums.map((sum) => (
              <tr key={sum.key}>
                <th scope="row">{nameOf(sum.key)}</th>
                <td className="usage-cost evidence">
                  {costOf(sum)}
                  <svg className="usage-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={(100 * sum.cost) / most} height="4" />
                  </svg>
                </td>
                <td className="evidence">{formatCount(sum.turns)}</td>
                <td className="evidence">{formatCount(sum.inputTokens)}</td>
                <td className="evidence">{formatCount(sum.outputTokens)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A sum that leaves out calls without a known price says so. */
function costOf({ calls, cost, unpricedCalls }: UsageSum): string {
  if (unpricedCalls === 0) return formatCost(cost);
  return unpricedCalls === calls ? told.unpriced : told.partly(formatCost(cost));
}
