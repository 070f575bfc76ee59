/** One line about the room that must not be overlooked: why it is not there, or not all of it. */
import './room-notice.css';
import type { ReactNode } from 'react';

interface RoomNoticeProps {
  readonly message: string;
  readonly hint?: string;
  readonly error?: boolean;
  readonly children?: ReactNode;
}

export function RoomNotice({ message, hint, error = false, children }: RoomNoticeProps) {
  return (
    <p className="room-notice" data-error={error}>
      <span className="room-notice-message">{message}</span> {hint && <span>{hint}</span>} {children}
    </p>
  );
}
