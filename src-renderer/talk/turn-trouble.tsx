/** What went wrong in a turn, where it happened: the cause, the way out, and that the recording is safe. */
import type { TurnView } from '../../src-preload/contract.ts';
import { sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';

interface TurnTroubleProps {
  readonly turn: TurnView;
  readonly sentAgain: boolean;
  readonly onRetry: (turnId: string) => void;
}

export function TurnTrouble({ turn, sentAgain, onRetry }: TurnTroubleProps) {
  const trouble = troubleOf(turn);
  if (!trouble) return null;
  const recorded = turn.user.audioMs > 0;
  const canRetry = turn.outcome !== 'no-speech' && (recorded || turn.user.committed !== '');
  return (
    <div className="trouble" data-error={trouble.error}>
      <p>
        <span className="trouble-message">{trouble.message}</span> <span className="trouble-hint">{trouble.hint}</span>
      </p>
      {canRetry && (
        <p className="trouble-way-out">
          {!sentAgain && (
            <button type="button" className="button" onClick={() => onRetry(turn.id)}>
              {words.retry}
            </button>
          )}
          {recorded && <span className="trouble-hint">{words.talk.saved}</span>}
        </p>
      )}
    </div>
  );
}

/** @returns null for a turn without trouble. A turn can complete with an error in it: a voice that failed, say. */
export function troubleOf(turn: TurnView): { message: string; hint: string; error: boolean } | null {
  const { error, outcome, user } = turn;
  if (outcome === 'no-speech') {
    return { message: words.talk.noSpeech(user.audioMs), hint: words.talk.noSpeechHint, error: false };
  }
  if (error) {
    // The microphone's own faults name it already.
    const stage = error.stage && error.stage !== 'capture' ? `${words.faultStages[error.stage]}: ` : '';
    return { message: `${stage}${sentence(error.message)}`, hint: sentence(error.hint), error: true };
  }
  if (outcome === 'crashed') return { message: words.talk.crashed, hint: words.talk.crashedHint, error: true };
  return null;
}
