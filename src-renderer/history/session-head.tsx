/** What a session was, and what can be done with the whole of it. */
import type { SessionView, TurnView } from '../../src-preload/contract.ts';
import { nameOfAgent } from '../agents/agent-name.ts';
import { formatCost, formatDay, formatTime } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';
import { useVerification, VerificationReport } from './verification.tsx';

interface SessionHeadProps {
  readonly session: SessionView;
  readonly turns: readonly TurnView[];
  readonly onExport: () => void;
  readonly onDelete: () => void;
}

export function SessionHead({ session, turns, onExport, onDelete }: SessionHeadProps) {
  const agents = useWindow((state) => state.agents);
  const { check, start, dismiss } = useVerification(session.id);
  const cost = turns.reduce((total, turn) => total + (turn.cost ?? 0), 0);
  return (
    <header className="session-head">
      <div className="session-head-row">
        <div className="session-what">
          <h3 className="session-title">{session.title || words.history.untitled}</h3>
          <p className="session-facts evidence">
            {formatDay(session.startedAt, Date.now())} {formatTime(session.startedAt)} ·{' '}
            {nameOfAgent(agents, session.agentId)} · {words.history.turns(turns.length)}
            {cost > 0 && ` · ${formatCost(cost)}`}
          </p>
        </div>
        <div className="session-actions">
          <button type="button" className="button" disabled={check.state === 'running'} onClick={start}>
            {words.history.verify.name}
          </button>
          <button type="button" className="button" onClick={onExport}>
            {words.history.export.name}
          </button>
          <button type="button" className="button" onClick={onDelete}>
            {words.history.erase.remove}
          </button>
        </div>
      </div>
      <VerificationReport check={check} onDismiss={dismiss} />
    </header>
  );
}
