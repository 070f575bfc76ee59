/** What is looked for, and what was found; asked again a moment after the last change. */
import { useEffect, useMemo, useState } from 'react';
import type { FaultView, SearchHit, SearchInput } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { useServices } from '../services.ts';

export const MOST_HITS = 200;
const PAUSE_MS = 120;

export interface Search {
  readonly query: string;
  readonly filter: SearchInput['filter'];
  setQuery(query: string): void;
  /** `undefined` takes a condition away. */
  setFilter(change: Partial<SearchInput['filter']>): void;
  clearFilter(): void;
  /** Nothing is looked for any more. */
  clear(): void;
  /** The log is another: looks for the same once more. */
  again(): void;
  /** Another number each time the conditions were cleared. */
  readonly generation: number;
  /** Whether anything is looked for. */
  readonly active: boolean;
  /** null until the first answer. */
  readonly hits: readonly SearchHit[] | null;
  readonly fault: FaultView | null;
}

export function useSearch(): Search {
  const { bridge } = useServices();
  const [query, setQuery] = useState('');
  const [conditions, setFilter] = useState<SearchInput['filter']>({});
  const [hits, setHits] = useState<readonly SearchHit[] | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);
  const [generation, setGeneration] = useState(0);
  const [asked, setAsked] = useState(0);
  const clearFilter = () => {
    setFilter({});
    setGeneration((count) => count + 1);
  };
  const filter = useMemo(
    () => Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined)),
    [conditions],
  );
  const active = query.trim() !== '' || Object.keys(filter).length > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once more, it looks once more
  useEffect(() => {
    if (!active) {
      setHits(null);
      setFault(null);
      return;
    }
    let superseded = false;
    const timer = setTimeout(() => {
      bridge
        .invoke('sessions.search', { query, filter, limit: MOST_HITS })
        .then((found) => {
          if (superseded) return;
          setHits(found);
          setFault(null);
        })
        .catch((thrown) => superseded || setFault(faultOf(thrown)));
    }, PAUSE_MS);
    return () => {
      superseded = true;
      clearTimeout(timer);
    };
  }, [bridge, query, filter, active, asked]);

  return {
    query,
    filter,
    setQuery,
    setFilter: (change) => setFilter((before) => ({ ...before, ...change })),
    clearFilter,
    clear: () => {
      setQuery('');
      clearFilter();
    },
    again: () => setAsked((count) => count + 1),
    generation,
    active,
    hits,
    fault,
  };
}
