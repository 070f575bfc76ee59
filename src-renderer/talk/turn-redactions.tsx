/** What its owner erased of a turn, in place of what is missing: what, when and why. */
import type { TurnView } from '../../src-preload/contract.ts';
import { formatMoment } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';

const { redacted } = words.talk;

export function TurnRedactions({ turn: { redactions } }: { turn: TurnView }) {
  return redactions.map(({ seq, at, part, reason }) => (
    <p key={seq} className="direction">
      {redacted(part, formatMoment(at), reason)}
    </p>
  ));
}

/** Whether its sound can be heard: the turn is over, and nobody erased it. */
export function soundKept({ outcome, redactions }: TurnView): boolean {
  return outcome !== null && redactions.every(({ part }) => part === 'text');
}
