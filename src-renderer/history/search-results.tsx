/** The places where something was said, newest first, with what was looked for marked. */
import { useRef } from 'react';
import type { SearchHit } from '../../src-preload/contract.ts';
import { formatMoment, sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { moveFocus, useOneTabStop } from '../ui/panes.tsx';
import { SelectableRow } from './selectable-row.tsx';
import { MOST_HITS, type Search } from './use-search.ts';
import type { Selection } from './use-selection.ts';

const { search: told } = words.history;

interface SearchResultsProps {
  readonly search: Search;
  readonly chosenTurn: string | null;
  /** Of turns: a turn that was found twice is one. */
  readonly selection: Selection;
  readonly onChoose: (hit: SearchHit) => void;
}

export function SearchResults({ search: { fault, hits }, chosenTurn, selection, onChoose }: SearchResultsProps) {
  const list = useRef<HTMLElement>(null);
  useOneTabStop(list);
  const order = () => (hits ?? []).map(({ turnId }) => turnId);
  return (
    <nav ref={list} className="session-list search-results" aria-label={told.results} onKeyDown={moveFocus}>
      <div role="status" className="search-count">
        {fault ? (
          <p className="search-error">
            {sentence(fault.message)} {sentence(fault.hint)}
          </p>
        ) : (
          <p>{hits ? (hits.length === 0 ? told.none : told.count(hits.length, MOST_HITS)) : words.history.reading}</p>
        )}
      </div>
      <ul>
        {hits?.map((hit) => (
          <SelectableRow
            key={`${hit.turnId} ${hit.role} ${hit.snippet}`}
            id={hit.turnId}
            name={hit.snippet}
            order={order}
            selection={selection}
          >
            <button
              type="button"
              className="panes-row"
              aria-current={hit.turnId === chosenTurn ? 'true' : undefined}
              onClick={() => onChoose(hit)}
            >
              <Snippet hit={hit} />
              <span className="panes-row-facts evidence">
                {told.who[hit.role]} · {formatMoment(hit.at)}
              </span>
            </button>
          </SelectableRow>
        ))}
      </ul>
    </nav>
  );
}

function Snippet({ hit: { highlights, snippet } }: { hit: SearchHit }) {
  const parts: React.ReactNode[] = [];
  let end = 0;
  for (const [from, to] of highlights) {
    parts.push(snippet.slice(end, from), <mark key={from}>{snippet.slice(from, to)}</mark>);
    end = to;
  }
  return (
    <span className="search-snippet" dir="auto">
      {parts}
      {snippet.slice(end)}
    </span>
  );
}
