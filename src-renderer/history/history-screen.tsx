/** History: the sessions by day, and the script of the one that is chosen, with its recordings. */
import './history-screen.css';
import { useEffect, useState } from 'react';
import type { FaultView, SessionView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { formatDay, formatTime } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { SessionScript } from './session-script.tsx';

const PAGE = 50;

export function HistoryScreen() {
  const { bridge } = useServices();
  const connected = useWindow((state) => state.connected);
  const [sessions, setSessions] = useState<readonly SessionView[] | null>(null);
  const [more, setMore] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);

  useEffect(() => {
    if (!connected) return;
    bridge
      .invoke('sessions.list', { before: null, limit: PAGE })
      .then((page) => {
        setSessions(page);
        setMore(page.length === PAGE);
        setFault(null);
      })
      .catch((thrown) => setFault(faultOf(thrown)));
  }, [bridge, connected]);

  const readMore = async () => {
    const before = sessions?.at(-1)?.startedAt ?? null;
    try {
      const page = await bridge.invoke('sessions.list', { before, limit: PAGE });
      setSessions((known) => [...(known ?? []), ...page]);
      setMore(page.length === PAGE);
    } catch (thrown) {
      setFault(faultOf(thrown));
    }
  };

  const days = Map.groupBy(sessions ?? [], (session) => formatDay(session.startedAt, Date.now()));
  return (
    <div className="history" data-chosen={chosen !== null}>
      <h2 className="visually-hidden">{words.history.title}</h2>
      <nav className="history-list" aria-label={words.history.sessions} onKeyDown={moveFocus}>
        {fault && (
          <p className="history-error" role="status">
            {fault.message} {fault.hint}
          </p>
        )}
        {sessions?.length === 0 && <p className="history-note">{words.history.empty}</p>}
        {[...days].map(([day, ofDay]) => (
          <section key={day} aria-label={day}>
            <h3 className="history-day">{day}</h3>
            <ul>
              {ofDay.map((session) => (
                <li key={session.id}>
                  <SessionButton
                    session={session}
                    chosen={session.id === chosen}
                    onChoose={() => setChosen(session.id)}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {more && (
          <button type="button" className="button history-more" onClick={() => void readMore()}>
            {words.history.more}
          </button>
        )}
      </nav>
      <div className="history-detail">
        {chosen ? (
          <SessionScript key={chosen} sessionId={chosen} onBack={() => setChosen(null)} />
        ) : (
          sessions && sessions.length > 0 && <p className="history-note">{words.history.choose}</p>
        )}
      </div>
    </div>
  );
}

interface SessionButtonProps {
  readonly session: SessionView;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function SessionButton({ session, chosen, onChoose }: SessionButtonProps) {
  return (
    <button type="button" className="history-session" aria-current={chosen ? 'true' : undefined} onClick={onChoose}>
      <span className="history-session-title">{session.title || words.history.untitled}</span>
      <span className="history-session-facts evidence">
        {formatTime(session.startedAt)} · {words.history.turns(session.turnCount)}
      </span>
    </button>
  );
}

/** Up and down go through the list as in an editor. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
