/** The field that looks through everything said, and the conditions that narrow it. */
import './search.css';
import { type ReactNode, type RefObject, useEffect, useId, useState } from 'react';
import type { CommandOutput, SearchInput } from '../../src-preload/contract.ts';
import { nameOfAgent } from '../agents/agent-name.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { FilterIcon } from '../ui/icons.tsx';
import type { Search } from './use-search.ts';

const { search: told } = words.history;

type Outcome = NonNullable<SearchInput['filter']['outcome']>;

const OUTCOMES = Object.keys(told.outcomes) as Outcome[];
const DAY_MS = 86_400_000;

interface SearchFormProps {
  readonly search: Search;
  readonly field: RefObject<HTMLInputElement | null>;
}

export function SearchForm({ search, field }: SearchFormProps) {
  /** null until they are asked for; what was entered stays when they are hidden. */
  const [open, setOpen] = useState<boolean | null>(null);
  const filtersId = useId();
  return (
    <search className="search">
      <div className="search-row">
        <input
          ref={field}
          className="input"
          type="search"
          aria-label={told.name}
          placeholder={told.placeholder}
          maxLength={1_000}
          value={search.query}
          onChange={(event) => search.setQuery(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && search.setQuery('')}
        />
        <button
          type="button"
          className="button button-quiet search-filter"
          aria-label={told.filters}
          aria-expanded={open ?? false}
          aria-controls={filtersId}
          onClick={() => setOpen(!open)}
        >
          <FilterIcon />
        </button>
      </div>
      <div id={filtersId} className="search-filters" hidden={!open}>
        {open !== null && <Filters key={search.generation} search={search} />}
      </div>
    </search>
  );
}

function Filters({ search: { clearFilter, filter, setFilter } }: { search: Search }) {
  const agents = useWindow((state) => state.agents);
  const { agentIds, models } = useKnownFilters();
  return (
    <>
      <Filter name={told.since}>
        <input
          className="input"
          type="date"
          onChange={({ target }) => setFilter({ since: midnight(target.value, 0) })}
        />
      </Filter>
      <Filter name={told.until}>
        <input
          className="input"
          type="date"
          onChange={({ target }) => setFilter({ until: midnight(target.value, DAY_MS) })}
        />
      </Filter>
      <Filter name={told.agent}>
        <select
          className="input"
          value={filter.agentId ?? ''}
          onChange={({ target }) => setFilter({ agentId: target.value || undefined })}
        >
          <option value="">{told.any}</option>
          {agentIds.map((id) => (
            <option key={id} value={id}>
              {nameOfAgent(agents, id)}
            </option>
          ))}
        </select>
      </Filter>
      <Filter name={told.model}>
        <select
          className="input"
          value={filter.model ?? ''}
          onChange={({ target }) => setFilter({ model: target.value || undefined })}
        >
          <option value="">{told.any}</option>
          {models.map((model) => (
            <option key={model} value={model}>
              {model}
            </option>
          ))}
        </select>
      </Filter>
      <Filter name={told.outcome}>
        <select
          className="input"
          value={filter.outcome ?? ''}
          onChange={({ target }) => setFilter({ outcome: OUTCOMES[target.selectedIndex - 1] })}
        >
          <option value="">{told.any}</option>
          {OUTCOMES.map((outcome) => (
            <option key={outcome} value={outcome}>
              {told.outcomes[outcome]}
            </option>
          ))}
        </select>
      </Filter>
      <Filter name={`${told.longer} (${told.units.seconds})`}>
        <input
          className="input"
          type="number"
          min={0}
          onChange={({ target }) => setFilter({ minDurationMs: times(target.valueAsNumber, 1_000) })}
        />
      </Filter>
      <Filter name={`${told.dearer} (${told.units.dollars})`}>
        <input
          className="input"
          type="number"
          min={0}
          step="any"
          onChange={({ target }) => setFilter({ minCost: times(target.valueAsNumber, 1) })}
        />
      </Filter>
      {(['hasTools', 'hasErrors'] as const).map((condition) => (
        <label key={condition} className="search-check">
          <input
            className="checkbox"
            type="checkbox"
            checked={filter[condition] ?? false}
            onChange={({ target }) => setFilter({ [condition]: target.checked || undefined })}
          />
          {told[condition]}
        </label>
      ))}
      {Object.keys(filter).length > 0 && (
        <button type="button" className="link search-clear" onClick={clearFilter}>
          {told.clear}
        </button>
      )}
    </>
  );
}

/** Who and what the log knows of: also agents that are gone, also models that nobody uses any more. */
function useKnownFilters(): CommandOutput<'log.filters'> {
  const { bridge } = useServices();
  const [known, setKnown] = useState<CommandOutput<'log.filters'>>({ agentIds: [], models: [] });
  useEffect(() => {
    // Without it there is nothing to choose, and everything else still works.
    bridge.invoke('log.filters', {}).then(setKnown, () => undefined);
  }, [bridge]);
  return known;
}

function Filter({ name, children }: { name: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
    <label className="search-condition">
      <span>{name}</span>
      {children}
    </label>
  );
}

/** @param date `2026-11-20`, in the user's own time zone; empty is none */
function midnight(date: string, laterMs: number): number | undefined {
  return date === '' ? undefined : new Date(`${date}T00:00`).getTime() + laterMs;
}

function times(value: number, unit: number): number | undefined {
  return Number.isNaN(value) ? undefined : value * unit;
}
