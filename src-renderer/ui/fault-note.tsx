/** Why something could not be shown or done, and the way out, in the place where it would have been. */
import type { FaultView } from '../../src-preload/contract.ts';
import { sentence } from '../i18n/format.ts';

export function FaultNote({ fault }: { fault: FaultView | null }) {
  return (
    <div role="status">
      {fault && (
        <p className="panes-error">
          {sentence(fault.message)} {sentence(fault.hint)}
        </p>
      )}
    </div>
  );
}
