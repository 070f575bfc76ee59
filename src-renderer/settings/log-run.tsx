/** Something that is done to the log at once: its button, what came of it, and why it could not be done. */
import type { ReactNode } from 'react';
import type { FaultView } from '../../src-preload/contract.ts';
import { FaultNote } from '../ui/fault-note.tsx';

interface LogRunProps {
  readonly name: string;
  readonly busy: boolean;
  readonly news: string | null;
  readonly fault: FaultView | null;
  readonly onRun: () => void;
  readonly children: ReactNode;
}

export function LogRun({ name, busy, news, fault, onRun, children }: LogRunProps) {
  return (
    <div className="log-run">
      <p className="log-actions">
        <button type="button" className="button" disabled={busy} onClick={onRun}>
          {name}
        </button>
        <span className="log-note" role="status">
          {news}
        </span>
      </p>
      <FaultNote className="log-note log-error" fault={fault} />
      {children}
    </div>
  );
}
