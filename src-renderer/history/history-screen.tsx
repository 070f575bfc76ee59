/** History: everything that was said, by day or by what is looked for; and the conversation that is chosen. */
import './history-screen.css';
import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ErasureReport, ExportSelection, SessionView } from '../../src-preload/contract.ts';
import { words } from '../i18n/words.ts';
import { FaultNote } from '../ui/fault-note.tsx';
import { PaneBack } from '../ui/panes.tsx';
import { part } from '../ui/part.tsx';
import { EraseDialog, erasureNews } from './erase-dialog.tsx';
import { HistoryFoot } from './history-foot.tsx';
import { onKeys } from './keys.ts';
import { SearchForm } from './search-form.tsx';
import { SearchResults } from './search-results.tsx';
import { focusedRow } from './selectable-row.tsx';
import { SessionList } from './session-list.tsx';
import { SessionScript } from './session-script.tsx';
import { useSearch } from './use-search.ts';
import { useSelection } from './use-selection.ts';
import { type Sessions, useSessions } from './use-sessions.ts';
import { useVerification, VerificationReport } from './verification.tsx';

const Answers = part(async () => (await import('./answers.tsx')).Answers);
const ExportDialog = part(async () => (await import('./export-dialog.tsx')).ExportDialog);
const KeysDialog = part(async () => (await import('./keys-dialog.tsx')).KeysDialog);
const Usage = part(async () => (await import('./usage.tsx')).Usage);

/** What stands beside the list. */
type Place =
  | { readonly show: 'session'; readonly sessionId: string; readonly turnId: string | null }
  | { readonly show: 'answers'; readonly turnId: string; readonly from: Place | null }
  | { readonly show: 'usage' };

type Open =
  | { readonly dialog: 'export'; readonly selection: ExportSelection }
  | { readonly dialog: 'delete'; readonly sessionIds: readonly string[] }
  | { readonly dialog: 'keys' };

export function HistoryScreen() {
  const known = useSessions();
  const search = useSearch();
  const sessionSelection = useSelection();
  const turnSelection = useSelection();
  const searchField = useRef<HTMLInputElement>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const [news, setNews] = useState('');
  const { check, start: verify, dismiss } = useVerification(null);
  const selection = search.active ? turnSelection : sessionSelection;
  const found = search.active && (search.hits?.length ?? 0) > 0;

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.code !== 'KeyF') return;
      event.preventDefault();
      // Where there is room for one of them only, the list comes back first.
      if (matchMedia(NARROW).matches) flushSync(() => setPlace(null));
      searchField.current?.select();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  const exportSelected = () => {
    const ids = [...(selection.ids.size > 0 ? selection.ids : [focusedRow()].filter((id) => id !== null))];
    if (ids.length > 0)
      setOpen({ dialog: 'export', selection: search.active ? { turnIds: ids } : { sessionIds: ids } });
    else if (found)
      setOpen({ dialog: 'export', selection: { search: { query: search.query, filter: search.filter } } });
  };
  const deleteSelected = () => {
    const ids = sessionSelection.ids.size > 0 ? [...sessionSelection.ids] : [focusedRow()].filter((id) => id !== null);
    if (!search.active && ids.length > 0) setOpen({ dialog: 'delete', sessionIds: ids });
  };
  const deleted = (sessionIds: readonly string[], report: ErasureReport) => {
    setOpen(null);
    setPlace(null);
    known.forget(new Set(sessionIds));
    sessionSelection.clear();
    search.clear();
    setNews(erasureNews(report));
  };
  const partlyDeleted = (sessionIds: readonly string[]) => {
    setPlace(null);
    known.forget(new Set(sessionIds));
    sessionSelection.remove(sessionIds);
  };
  const selectAll = (event: React.KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'a' || focusedRow() === null) return;
    event.preventDefault();
    if (search.active) turnSelection.add(search.hits?.map(({ turnId }) => turnId) ?? []);
    else {
      const add = (sessions: readonly SessionView[]) => sessionSelection.add(sessions.map(({ id }) => id));
      add(known.sessions ?? []);
      void known.readAll(add);
    }
  };
  const selectNone = () => selection.ids.size > 0 && selection.clear();
  const onListKeys = onKeys({
    x: () => selection.toggle(focusedRow() ?? ''),
    e: exportSelected,
    Delete: deleteSelected,
    Escape: selectNone,
  });
  const askAgain = useCallback((turnId: string) => setPlace((from) => ({ show: 'answers', turnId, from })), []);
  const openTurn = (sessionId: string, turnId: string | null) => setPlace({ show: 'session', sessionId, turnId });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys act wherever the focus is in it
    <div className="panes" data-chosen={place !== null} onKeyDown={onKeys({ '?': () => setOpen({ dialog: 'keys' }) })}>
      <h2 className="visually-hidden">{words.history.title}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys act on the row that has the focus */}
      <div
        className="panes-list history-list"
        data-selecting={selection.ids.size > 0}
        onKeyDown={(event) => {
          selectAll(event);
          onListKeys(event);
        }}
      >
        <SearchForm search={search} field={searchField} />
        <FaultNote fault={known.fault} />
        {search.active ? (
          <SearchResults
            search={search}
            chosenTurn={place?.show === 'session' ? place.turnId : null}
            selection={turnSelection}
            onChoose={({ sessionId, turnId }) => openTurn(sessionId, turnId)}
          />
        ) : (
          <List
            known={known}
            chosen={place?.show === 'session' ? place.sessionId : null}
            selection={sessionSelection}
            onChoose={(sessionId) => openTurn(sessionId, null)}
          />
        )}
        <HistoryFoot
          selected={{ count: selection.ids.size, of: search.active ? 'turns' : 'sessions' }}
          found={found}
          verifying={check.state === 'running'}
          showsUsage={place?.show === 'usage'}
          onExport={exportSelected}
          onDelete={deleteSelected}
          onSelectNone={selection.clear}
          onVerify={() => verify()}
          onUsage={() => setPlace({ show: 'usage' })}
          onKeys={() => setOpen({ dialog: 'keys' })}
        >
          <VerificationReport check={check} onDismiss={dismiss} />
        </HistoryFoot>
      </div>
      <div className="panes-detail history-detail">
        <Suspense fallback={<p className="panes-note">{words.history.reading}</p>}>
          {place?.show === 'usage' && (
            <>
              <PaneBack onBack={() => setPlace(null)}>{words.history.back}</PaneBack>
              <Usage />
            </>
          )}
          {place?.show === 'answers' && (
            <Answers key={place.turnId} turnId={place.turnId} onBack={() => setPlace(place.from)} onOpen={openTurn} />
          )}
        </Suspense>
        {place?.show === 'session' && (
          <SessionScript
            key={place.sessionId}
            sessionId={place.sessionId}
            turnId={place.turnId}
            onBack={() => setPlace(null)}
            onExport={() => setOpen({ dialog: 'export', selection: { sessionIds: [place.sessionId] } })}
            onAskAgain={askAgain}
            onErased={() => {
              known.readAgain(place.sessionId);
              search.again();
            }}
            onDeleted={(report) => deleted([place.sessionId], report)}
          />
        )}
        {!place && (
          <p className="panes-note" role="status">
            {news || (known.sessions && known.sessions.length > 0 && words.history.choose)}
          </p>
        )}
      </div>
      <Suspense>
        {open?.dialog === 'export' && <ExportDialog selection={open.selection} onClose={() => setOpen(null)} />}
        {open?.dialog === 'keys' && <KeysDialog onClose={() => setOpen(null)} />}
      </Suspense>
      {open?.dialog === 'delete' && (
        <EraseDialog
          what={{ sessionIds: open.sessionIds }}
          onErased={(report) => deleted(open.sessionIds, report)}
          onPartly={partlyDeleted}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

/** As panes.css has it. */
const NARROW = '(max-width: 52.4375em)';

interface ListProps {
  readonly known: Sessions;
  readonly chosen: string | null;
  readonly selection: ReturnType<typeof useSelection>;
  readonly onChoose: (sessionId: string) => void;
}

function List({ known: { fault, readMore, sessions }, chosen, selection, onChoose }: ListProps) {
  if (!sessions) return <p className="history-empty">{fault === null && words.history.reading}</p>;
  if (sessions.length === 0) {
    return (
      <p className="history-empty">
        <strong>{words.history.empty}</strong> {words.history.emptyHint}
      </p>
    );
  }
  return <SessionList {...{ sessions, chosen, selection, onChoose }} onEnd={readMore} />;
}
