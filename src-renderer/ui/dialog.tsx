/** A question that must be answered before anything else: the browser's own dialog, with its focus and its Esc. */
import './dialog.css';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface DialogProps {
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

export function Dialog({ title, className = '', children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    dialog.current?.showModal();
    // By its own Esc the browser gives the focus back; not when a button takes the dialog away.
    return () => {
      const place = opener?.isConnected && opener !== document.body ? opener : document.getElementById('content');
      if (place instanceof HTMLElement && document.activeElement === document.body) place.focus();
    };
  }, [opener]);
  return (
    <dialog ref={dialog} className={`dialog ${className}`} aria-labelledby={titleId} onClose={onClose}>
      <h3 className="dialog-title" id={titleId}>
        {title}
      </h3>
      {children}
    </dialog>
  );
}
