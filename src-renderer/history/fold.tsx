/** Something that is looked at when it is wanted: what is in it is only made then. */
import './fold.css';
import { type ReactNode, useState } from 'react';

interface FoldProps {
  readonly name: string;
  readonly facts?: ReactNode;
  readonly failed?: boolean;
  readonly className?: string;
  readonly children: () => ReactNode;
}

export function Fold({ name, facts, failed = false, className = '', children }: FoldProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className={`fold ${className}`} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary data-failed={failed}>
        <span>{name}</span>
        {facts && <span className="fold-facts evidence">{facts}</span>}
      </summary>
      {open && children()}
    </details>
  );
}
