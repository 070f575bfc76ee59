/** A guest's whole world: the invitation, then the room. */
import './guest-page.css';
import { useState } from 'react';
import type { FaultView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { formatDateTime } from '../i18n/format.ts';
import { roomWords } from '../i18n/room-words.ts';
import { ProductName } from '../ui/product-name.tsx';
import { GuestRoom } from './guest-room.tsx';
import { enterAsGuest, type GuestSession } from './guest-session.ts';
import type { Invitation } from './invitation.ts';

const { guest: told } = roomWords;

export function GuestPage({ invitation }: { invitation: Invitation | null }) {
  const [session, setSession] = useState<GuestSession | null>(null);
  const [news, setNews] = useState<Pick<FaultView, 'message' | 'hint'> | null>(null);
  const [entering, setEntering] = useState(false);
  if (!invitation) return <Outside news={told.noLink} />;
  if (session) {
    return (
      <GuestRoom
        session={session}
        onOver={(why) => {
          setNews(why);
          setSession(null);
        }}
      />
    );
  }
  const enter = () => {
    setEntering(true);
    enterAsGuest(invitation)
      .then(setSession)
      .catch((thrown) => setNews(faultOf(thrown)))
      .finally(() => setEntering(false));
  };
  return (
    <Outside news={news}>
      <p className="guest-lead">{told.lead(invitation.name)}</p>
      <p className="guest-about">{told.about}</p>
      <p>
        <button type="button" className="button guest-enter" disabled={entering} onClick={enter}>
          {news ? told.again : told.enter}
        </button>
      </p>
      <p className="guest-note">{window.isSecureContext ? told.microphone : told.insecure}</p>
      {invitation.expiresAt !== null && (
        <p className="guest-note">{told.expiresAt(formatDateTime(invitation.expiresAt))}</p>
      )}
    </Outside>
  );
}

interface OutsideProps {
  readonly news: Pick<FaultView, 'message' | 'hint'> | null;
  readonly children?: React.ReactNode;
}

function Outside({ news, children }: OutsideProps) {
  return (
    <main className="guest-outside">
      <ProductName />
      <div role="status">
        {news && (
          <p className="guest-news">
            <strong>{news.message}</strong> {news.hint}
          </p>
        )}
      </div>
      {children}
    </main>
  );
}
