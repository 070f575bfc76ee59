/** One answer beside others: who gave it, with which models, how fast, at what cost, and in which words. */
import type { TurnView } from '../../src-preload/contract.ts';
import { nameOfAgent } from '../agents/agent-name.ts';
import { formatMoment } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';
import { Figures } from '../talk/turn-evidence.tsx';
import { soundKept, TurnRedactions } from '../talk/turn-redactions.tsx';
import { ReplyWords, UserWords } from '../talk/turn-script.tsx';
import { TurnSteps } from '../talk/turn-steps.tsx';
import { troubleOf } from '../talk/turn-trouble.tsx';
import { PlayButton } from './player.tsx';
import type { Player } from './use-player.ts';

const { askAgain: told } = words.history;

interface AnswerProps {
  readonly turn: TurnView;
  readonly first: boolean;
  readonly player: Player;
  readonly onOpen: (sessionId: string, turnId: string) => void;
}

export function Answer({ turn, first, player, onOpen }: AnswerProps) {
  const agents = useWindow((state) => state.agents);
  const trouble = troubleOf(turn);
  const { id, models, reply, sessionId, startedAt, user } = turn;
  const kept = soundKept(turn);
  const agent = nameOfAgent(agents, turn.agentId);
  return (
    <article className="answer" aria-label={`${agent}, ${models.llm}`} data-turn={id} data-outcome={turn.outcome}>
      <header className="answer-head">
        <h4 className="answer-agent">{agent}</h4>
        <p className="answer-facts evidence">{models.llm}</p>
        <p className="answer-facts">
          {first ? told.original : told.again}, {formatMoment(startedAt)}
        </p>
      </header>
      <div className="answer-said">
        <p className="speaker">{turn.speaker?.name ?? words.talk.you}</p>
        <UserWords turn={turn} />
        <TurnRedactions turn={turn} />
        {kept && user.audioMs > 0 && (
          <PlayButton piece={{ turnId: id, track: 'user', durationMs: user.audioMs }} player={player} />
        )}
      </div>
      <div className="answer-said">
        <p className="speaker">{words.talk.agent}</p>
        <TurnSteps turn={turn} />
        <ReplyWords turn={turn} />
        {trouble && (
          <p className="trouble" data-error={trouble.error}>
            <span className="trouble-message">{trouble.message}</span> {trouble.hint}
          </p>
        )}
        {kept && reply.audioMs > 0 && (
          <PlayButton piece={{ turnId: id, track: 'agent', durationMs: reply.audioMs }} player={player} />
        )}
      </div>
      <div className="answer-figures evidence">
        <Figures turn={turn} />
      </div>
      <button type="button" className="link answer-open" onClick={() => onOpen(sessionId, id)}>
        {told.open}
      </button>
    </article>
  );
}
