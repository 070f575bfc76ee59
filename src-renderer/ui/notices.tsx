/** What the user should know beyond one turn: a lost connection, practice mode, the core's notices, a refused command. */
import './notices.css';
import type { ReactNode } from 'react';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { STAGES } from '../stages.ts';
import { CloseIcon } from './icons.tsx';
import { newConversation } from './shortcuts.ts';

interface NoticeProps {
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly hint?: string;
  readonly name?: string;
  readonly children?: ReactNode;
}

function Notice({ level, message, hint, name, children }: NoticeProps) {
  return (
    <section className="notice" data-level={level} aria-label={name ?? message}>
      <p className="notice-words">
        <span className="notice-message">{message}</span> {hint && <span className="notice-hint">{hint}</span>}
      </p>
      {children}
    </section>
  );
}

export function Notices() {
  const services = useServices();
  const { bridge, store } = services;
  const connected = useWindow((state) => state.connected);
  const app = useWindow((state) => state.app);
  const fault = useWindow((state) => state.fault);
  const screen = useWindow((state) => state.screen);
  const practice = STAGES.filter((stage) => app?.stages[stage].provider === 'practice');
  const asked = useWindow((state) => state.approvals.length > 0) && screen !== 'talk';
  const isPrivate = useWindow((state) => state.conversation.private) && screen === 'talk';
  // The agent of a room that was joined is somebody else's, and no practice.
  const elsewhere = useWindow((state) => state.rooms?.room?.mode === 'joined');
  const showPractice = practice.length > 0 && screen !== 'settings' && !elsewhere;
  const notices = app?.notices ?? [];

  const dismiss = (id: string) =>
    bridge.invoke('app.dismissNotice', { id }).catch((thrown) => store.setState({ fault: faultOf(thrown) }));

  return (
    // Of several only what is new is read out, and it is there before the first: what comes with its words is not told.
    <div className="notices" role="status" aria-atomic="false">
      {connected === false && <Notice level="error" message={words.connection.message} hint={words.connection.hint} />}
      {fault && connected && (
        <Notice level="error" message={fault.message} hint={fault.hint}>
          <DismissButton onClick={() => store.setState({ fault: null })} />
        </Notice>
      )}
      {isPrivate && (
        <Notice level="info" message={words.privacy.message}>
          <button type="button" className="link" onClick={() => newConversation(services)}>
            {words.privacy.end}
          </button>
        </Notice>
      )}
      {asked && (
        <Notice level="info" message={words.agents.approval.elsewhere}>
          <button type="button" className="link" onClick={() => store.setState({ screen: 'talk' })}>
            {words.agents.approval.answer}
          </button>
        </Notice>
      )}
      {notices.map((notice) => (
        <Notice key={notice.id} level={notice.level} message={notice.message} hint={notice.hint}>
          <DismissButton onClick={() => dismiss(notice.id)} />
        </Notice>
      ))}
      {showPractice && (
        <Notice
          level="info"
          name={words.practice.name}
          message={practice.length === STAGES.length ? words.practice.all : words.practice.some(practice)}
        >
          <button type="button" className="link" onClick={() => store.setState({ screen: 'settings' })}>
            {words.practice.connect}
          </button>
        </Notice>
      )}
    </div>
  );
}

function DismissButton({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" className="button button-quiet" aria-label={words.dismiss} onClick={onClick}>
      <CloseIcon />
    </button>
  );
}
