/** A turn as a script: who speaks in the margin, the words beside it, what happened to them as stage directions. */
import './turn-script.css';
import { memo, type ReactNode } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import type { Track } from '../../src-preload/recording-path.ts';
import { formatTime } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';
import { TurnEvidence } from './turn-evidence.tsx';
import { TurnRedactions } from './turn-redactions.tsx';
import { TurnSteps } from './turn-steps.tsx';
import { TurnTrouble } from './turn-trouble.tsx';

export interface TurnScriptProps {
  readonly turn: TurnView;
  /** A later turn sends this one again: its way out has been taken. */
  readonly sentAgain: boolean;
  readonly onRetry: (turnId: string) => void;
  /** A way to hear a track, where there is one to show. */
  readonly recording?: (turn: TurnView, track: Track) => ReactNode;
}

export const TurnScript = memo(function TurnScript({ turn, sentAgain, onRetry, recording }: TurnScriptProps) {
  const { reply, user } = turn;
  const asked = useWindow((state) => state.approvals.some(({ turnId }) => turnId === turn.id)) && reply.text === '';
  const acted = turn.steps.length > 0;
  // The agent's own, such as a greeting: nobody spoke before it.
  const unasked = turn.source === 'agent';
  const answered = unasked || reply.text !== '' || acted || turn.phase === 'thinking';
  return (
    <article
      className="turn"
      aria-label={`${words.talk.turn} ${formatTime(turn.startedAt)}`}
      data-outcome={turn.outcome}
    >
      {!unasked && (
        <div className="line">
          <p className="line-margin">
            <span className="speaker">{turn.speaker?.name ?? words.talk.you}</span>
            <StartTime turn={turn} />
          </p>
          <div>
            <UserWords turn={turn} />
            <TurnRedactions turn={turn} />
            {user.audioMs > 0 && recording && <div className="turn-sound">{recording(turn, 'user')}</div>}
            {!answered && <TurnTrouble turn={turn} sentAgain={sentAgain} onRetry={onRetry} />}
            {!answered && <TurnEvidence turn={turn} />}
          </div>
        </div>
      )}
      {answered && (
        <div className="line">
          <p className="line-margin">
            <span className="speaker">{words.talk.agent}</span>
            {unasked && <StartTime turn={turn} />}
          </p>
          <div>
            {unasked && <TurnRedactions turn={turn} />}
            <TurnSteps turn={turn} />
            {!asked && <ReplyWords turn={turn} />}
            {reply.audioMs > 0 && recording && <div className="turn-sound">{recording(turn, 'agent')}</div>}
            <TurnTrouble turn={turn} sentAgain={sentAgain} onRetry={onRetry} />
            <TurnEvidence turn={turn} />
          </div>
        </div>
      )}
    </article>
  );
});

function StartTime({ turn: { startedAt } }: { turn: TurnView }) {
  return (
    <time className="line-time evidence" dateTime={new Date(startedAt).toISOString()}>
      {formatTime(startedAt)}
    </time>
  );
}

export function UserWords({ turn }: { turn: TurnView }) {
  const { committed, tentative } = turn.user;
  const lost = useLost(turn);
  const direction = lost ? words.talk.lost : userDirection(turn);
  return (
    <>
      {(committed || tentative) && (
        <p className="said" data-said="user" dir="auto">
          {committed}
          {committed && tentative && ' '}
          {tentative && <span className="said-tentative">{tentative}</span>}
        </p>
      )}
      {direction && <p className="direction">{direction}</p>}
    </>
  );
}

/** The mark stands where the voice stopped; what nobody heard follows in lighter ink. */
export function ReplyWords({ turn }: { turn: TurnView }) {
  const { text, heardLength } = turn.reply;
  const lost = useLost(turn);
  if (!text) return turn.outcome === null && !lost ? <p className="direction">{words.talk.thinkingNow}</p> : null;
  const heard = text.slice(0, heardLength).trimEnd();
  const unheard = text.slice(heardLength).trimStart();
  const ended = turn.outcome !== null && unheard !== '';
  const mark = turn.outcome === 'interrupted' && heard ? words.talk.interrupted : words.talk.unheard;
  return (
    <p className="said" data-said="agent" dir="auto">
      {heard}
      {ended && (
        <span className="direction" dir="ltr">
          {` ${mark}`.slice(heard ? 0 : 1)}
        </span>
      )}
      {unheard && <span className="said-unheard">{` ${unheard}`.slice(heard || ended ? 0 : 1)}</span>}
    </p>
  );
}

/** What it is doing can't be told while the core is away. */
function useLost({ outcome }: TurnView): boolean {
  return useWindow(({ connected }) => connected === false) && outcome === null;
}

function userDirection({ outcome, phase, source, user }: TurnView): string | null {
  const silent = user.committed === '' && user.tentative === '';
  if (outcome === 'cancelled') {
    return user.audioMs > 0 ? words.talk.discarded(user.audioMs) : words.talk.discardedText;
  }
  if (outcome === null && silent) {
    if (phase === 'recording' || phase === 'finishing') return words.talk.recordingNow;
    if (phase === 'transcribing') return words.talk.transcribingNow;
  }
  return source === 'retry' ? words.talk.resent : null;
}
