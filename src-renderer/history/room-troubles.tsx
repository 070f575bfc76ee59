/** What went wrong in the room of a conversation, as stage directions where it happened. */
import type { RoomFaultView } from '../../src-preload/contract.ts';
import { formatTime, sentence } from '../i18n/format.ts';

export function RoomTroubles({ faults }: { readonly faults: readonly RoomFaultView[] }) {
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
