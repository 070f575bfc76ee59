/** Why something could not be shown or done, and the way out, in the place where it would have been. */
import type { FaultView } from '../../src-preload/contract.ts';
import { sentence } from '../i18n/format.ts';

export function FaultNote({ fault, className = 'panes-error' }: { fault: FaultView | null; className?: string }) {
  return (
    <div role="status">
      {fault && (
        <p className={className}>
          {sentence(fault.message)} {sentence(fault.hint)}
        </p>
      )}
    </div>
  );
}
