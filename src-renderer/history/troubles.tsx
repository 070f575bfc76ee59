/** What went wrong in a conversation and ended no turn, as stage directions where it happened. */
import type { LoggedFaultView } from '../../src-preload/contract.ts';
import { formatTime, sentence } from '../i18n/format.ts';

export function Troubles({ faults }: { readonly faults: readonly LoggedFaultView[] }) {
  return faults.map(({ at, code, message, hint }) => (
    <div key={`${at} ${code} ${message}`} className="turn line">
      <p className="line-margin">
        <time className="line-time evidence" dateTime={new Date(at).toISOString()}>
          {formatTime(at)}
        </time>
      </p>
      <p className="direction">
        {sentence(message)} {sentence(hint)}
      </p>
    </div>
  ));
}
