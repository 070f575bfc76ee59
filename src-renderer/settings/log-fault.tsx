/** Why something of the log could not be read or done, where it would have been. */
import type { FaultView } from '../../src-preload/contract.ts';
import { sentence } from '../i18n/format.ts';

export function LogFault({ fault }: { fault: FaultView | null }) {
  return (
    <div role="status">
      {fault && (
        <p className="log-note log-error">
          {sentence(fault.message)} {sentence(fault.hint)}
        </p>
      )}
    </div>
  );
}
