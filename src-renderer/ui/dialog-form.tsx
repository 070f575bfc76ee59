/** A dialog that asks for something and then does it: what is asked, what came of it, and the way out. */
import type { FormEvent, ReactNode } from 'react';
import { Dialog } from './dialog.tsx';

interface DialogFormProps {
  readonly title: string;
  readonly about?: ReactNode;
  /** What it does. */
  readonly submit: string;
  readonly busy: boolean;
  readonly cancel: string;
  /** Other ways out, between the two. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly onSubmit: () => void;
  /** What the last button does, if it does not close. */
  readonly onCancel?: () => void;
  readonly onClose: () => void;
}

export function DialogForm(props: DialogFormProps) {
  const { title, about, submit, busy, cancel, actions, children, onSubmit, onClose, onCancel = onClose } = props;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {about && <p className="dialog-about">{about}</p>}
      <form onSubmit={send} noValidate>
        {children}
        <p className="dialog-actions">
          <button type="submit" className="button" disabled={busy}>
            {submit}
          </button>
          {actions}
          <button type="button" className="button button-quiet" onClick={onCancel}>
            {cancel}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
