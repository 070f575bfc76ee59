/** What a session was, and what can be done with the whole of it. */
import type { ReactNode } from 'react';
import type { ServerRecordingView, SessionView, TurnView } from '../../src-preload/contract.ts';
import { nameOfAgent } from '../agents/agent-name.ts';
import { formatCost, formatMoment } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { ServerRecordings } from './server-recordings.tsx';

interface SessionHeadProps {
  readonly session: SessionView;
  readonly turns: readonly TurnView[];
  readonly serverRecordings: readonly ServerRecordingView[];
  readonly verifying: boolean;
  readonly onVerify: () => void;
  readonly onExport: () => void;
  readonly onDelete: () => void;
  readonly children: ReactNode;
}

export function SessionHead(props: SessionHeadProps) {
  const { session, turns, serverRecordings, verifying, onVerify, onExport, onDelete, children } = props;
  const agents = useWindow((state) => state.agents);
  const cost = turns.reduce((total, turn) => total + (turn.cost ?? 0), 0);
  return (
    <header className="session-head">
      <div className="session-head-row">
        <div className="session-what">
          <h3 className="session-title" dir="auto">
            {session.title || words.history.untitled}
          </h3>
          <p className="session-facts evidence">
            {formatMoment(session.startedAt)} · {nameOfAgent(agents, session.agentId)} ·{' '}
            {words.history.turns(turns.length)}
            {cost > 0 && ` · ${formatCost(cost)}`}
          </p>
          <ServerRecordings recordings={serverRecordings} />
        </div>
        <div className="session-actions">
          <button type="button" className="button" aria-keyshortcuts="V" disabled={verifying} onClick={onVerify}>
            {words.history.verify.name}
            <KeyHint>V</KeyHint>
          </button>
          <button type="button" className="button" aria-keyshortcuts="E" onClick={onExport}>
            {words.history.export.name}
            <KeyHint>E</KeyHint>
          </button>
          <button type="button" className="button" aria-keyshortcuts="Delete" onClick={onDelete}>
            {words.history.erase.remove}
            <KeyHint>Del</KeyHint>
          </button>
        </div>
      </div>
      {children}
    </header>
  );
}
