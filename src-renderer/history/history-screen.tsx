/** History: everything that was said, by day or by what is looked for; and the conversation that is chosen. */
import './history-screen.css';
import { useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ErasureReport, FaultView, SessionView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { PaneBack } from '../ui/panes.tsx';
import { erasureNews } from './erase-dialog.tsx';
import { SearchForm } from './search-form.tsx';
import { SearchResults } from './search-results.tsx';
import { SessionList } from './session-list.tsx';
import { SessionScript } from './session-script.tsx';
import { Usage } from './usage.tsx';
import { useSearch } from './use-search.ts';
import { useVerification, VerificationReport } from './verification.tsx';

const PAGE = 200;

interface Place {
  readonly sessionId: string;
  readonly turnId: string | null;
}

export function HistoryScreen() {
  const { sessions, fault, readMore, forget } = useSessions();
  const search = useSearch();
  const searchField = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<Place | 'usage' | null>(null);
  const [news, setNews] = useState('');
  const { check, start, dismiss } = useVerification(null);
  const place = chosen === 'usage' ? null : chosen;

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.code !== 'KeyF') return;
      event.preventDefault();
      // Where there is room for one of them only, the list comes back first.
      if (matchMedia(NARROW).matches) flushSync(() => setChosen(null));
      searchField.current?.select();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  const deleted = (sessionId: string, report: ErasureReport) => {
    setChosen(null);
    forget(sessionId);
    search.clear();
    setNews(erasureNews(report));
  };

  return (
    <div className="panes" data-chosen={chosen !== null}>
      <h2 className="visually-hidden">{words.history.title}</h2>
      <div className="panes-list history-list">
        <SearchForm search={search} field={searchField} />
        {fault && (
          <p className="panes-error" role="status">
            {sentence(fault.message)} {sentence(fault.hint)}
          </p>
        )}
        {search.active ? (
          <SearchResults search={search} chosenTurn={place?.turnId ?? null} onChoose={setChosen} />
        ) : (
          <Sessions
            sessions={sessions}
            waiting={fault === null}
            chosen={place?.sessionId ?? null}
            onChoose={(sessionId) => setChosen({ sessionId, turnId: null })}
            onEnd={readMore}
          />
        )}
        <div className="history-foot">
          <button type="button" className="button button-quiet" disabled={check.state === 'running'} onClick={start}>
            {words.history.verify.all}
          </button>
          <button
            type="button"
            className="button button-quiet"
            aria-pressed={chosen === 'usage'}
            onClick={() => setChosen('usage')}
          >
            {words.history.usage.title}
          </button>
          <VerificationReport check={check} onDismiss={dismiss} />
        </div>
      </div>
      <div className="panes-detail history-detail">
        {chosen === 'usage' && (
          <>
            <PaneBack onBack={() => setChosen(null)}>{words.history.back}</PaneBack>
            <Usage />
          </>
        )}
        {place && (
          <SessionScript
            key={place.sessionId}
            {...place}
            onBack={() => setChosen(null)}
            onDeleted={(report) => deleted(place.sessionId, report)}
          />
        )}
        {!chosen && (
          <p className="panes-note" role="status">
            {news || (sessions && sessions.length > 0 && words.history.choose)}
          </p>
        )}
      </div>
    </div>
  );
}

/** As panes.css has it. */
const NARROW = '(max-width: 839px)';

interface SessionsProps {
  readonly sessions: readonly SessionView[] | null;
  readonly waiting: boolean;
  readonly chosen: string | null;
  readonly onChoose: (sessionId: string) => void;
  readonly onEnd: () => void;
}

function Sessions({ sessions, waiting, chosen, onChoose, onEnd }: SessionsProps) {
  if (!sessions) return <p className="history-empty">{waiting && words.history.reading}</p>;
  if (sessions.length === 0) {
    return (
      <p className="history-empty">
        <strong>{words.history.empty}</strong> {words.history.emptyHint}
      </p>
    );
  }
  return <SessionList sessions={sessions} chosen={chosen} onChoose={onChoose} onEnd={onEnd} />;
}

/** The sessions read so far, and more of them on demand. */
function useSessions() {
  const { bridge } = useServices();
  const connected = useWindow((state) => state.connected);
  const [sessions, setSessions] = useState<readonly SessionView[] | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);
  /** Where the next page begins; undefined when there is none, or it is on its way. */
  const next = useRef<number | null | undefined>(undefined);

  const readMore = useCallback(async () => {
    const before = next.current;
    if (before === undefined) return;
    next.current = undefined;
    try {
      const page = await bridge.invoke('sessions.list', { before, limit: PAGE });
      setSessions((known) => (before === null ? page : [...(known ?? []), ...page]));
      setFault(null);
      next.current = page.length === PAGE ? page.at(-1)?.startedAt : undefined;
    } catch (thrown) {
      setFault(faultOf(thrown));
    }
  }, [bridge]);

  useEffect(() => {
    if (!connected) return;
    next.current = null;
    void readMore();
  }, [connected, readMore]);

  const forget = (sessionId: string) => setSessions((known) => known?.filter(({ id }) => id !== sessionId) ?? null);
  return { sessions, fault, readMore, forget };
}
