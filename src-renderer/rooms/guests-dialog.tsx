/** Who is invited: a link and a QR code each, how long it is good, and the way to take it back. */
import './guests-dialog.css';
import { type FormEvent, useState } from 'react';
import type { RoomGuest } from '../../src-preload/rooms-contract.ts';
import { formatDateTime } from '../i18n/format.ts';
import { roomWords } from '../i18n/room-words.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { Dialog } from '../ui/dialog.tsx';
import { DraftField } from '../ui/draft-field.tsx';
import { Field } from '../ui/field.tsx';
import { useSaving } from '../ui/saving.ts';
import { Select } from '../ui/select.tsx';
import { QrCode } from './qr-code.tsx';

const { guests: told } = roomWords;

const HOUR_MS = 3_600_000;
const SPANS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS } as const;
type Span = keyof typeof SPANS;
const NAMES = Object.keys(SPANS) as Span[];

export function GuestsDialog({ guests, onClose }: { guests: readonly RoomGuest[]; onClose: () => void }) {
  const [shown, setShown] = useState<string | null>(null);
  const guest = guests.find(({ id }) => id === shown);
  return (
    <Dialog title={told.title} onClose={onClose}>
      <p className="dialog-about">{told.about}</p>
      <Invite onInvited={setShown} />
      {guest && isGood(guest) && <Link guest={guest} />}
      <h4 className="guests-heading">{told.list}</h4>
      {guests.length === 0 && <p className="guests-none">{told.none}</p>}
      <ul>
        {guests.toReversed().map((one) => (
          <GuestRow key={one.id} guest={one} shown={one.id === shown} onShow={() => setShown(one.id)} />
        ))}
      </ul>
      <p className="dialog-actions">
        <button type="button" className="button button-quiet" onClick={onClose}>
          {roomWords.together.close}
        </button>
      </p>
    </Dialog>
  );
}

function Invite({ onInvited }: { onInvited: (id: string) => void }) {
  const { bridge } = useServices();
  const naming = useSaving();
  const [name, setName] = useState('');
  const [span, setSpan] = useState<Span>('day');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const whom = name.trim();
    if (whom === '') {
      naming.refuse({ stage: null, code: 'name-missing', message: told.nameMissing, hint: '' });
      return;
    }
    void naming.save(async () => {
      const { id } = await bridge.invoke('room.invite', { name: whom, expiresInMs: SPANS[span] });
      setName('');
      onInvited(id);
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <DraftField label={told.name} maxLength={60} value={name} onChange={setName} saving={naming} />
      <Field label={told.expires}>
        {(control) => (
          <div className="field-row">
            <Select {...control} values={NAMES} names={told.spans} value={span} onChoose={setSpan} />
            <button type="submit" className="button" disabled={naming.state === 'saving'}>
              {told.make}
            </button>
          </div>
        )}
      </Field>
    </form>
  );
}

function Link({ guest: { link, name } }: { guest: RoomGuest }) {
  const { store } = useServices();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard
      .writeText(link)
      .then(() => setCopied(true))
      .catch(() => store.setState({ fault: words.clipboard }));
  return (
    <div className="guest-link">
      <QrCode text={link} label={told.qr(name)} />
      <div className="guest-link-words">
        <input
          className="input evidence"
          readOnly
          aria-label={told.link}
          value={link}
          onFocus={(event) => event.target.select()}
        />
        <p>
          <button type="button" className="button" onClick={() => void copy()}>
            {copied ? told.copied : told.copy}
          </button>
        </p>
        <Limits link={link} />
      </div>
    </div>
  );
}

function Limits({ link }: { link: string }) {
  const { hostname, protocol } = new URL(link);
  if (hostname === '127.0.0.1' || hostname === 'localhost') return <p className="guest-link-note">{told.here}</p>;
  return protocol === 'http:' ? <p className="guest-link-note">{told.plain}</p> : null;
}

function GuestRow({ guest, shown, onShow }: { guest: RoomGuest; shown: boolean; onShow: () => void }) {
  const { bridge } = useServices();
  const saving = useSaving();
  const { id, name, expiresAt, revoked } = guest;
  const good = isGood(guest);
  const state = revoked ? told.revoked : good ? told.until(formatDateTime(expiresAt)) : told.expired;
  return (
    <li className="guest-row">
      <span className="guest-row-name">{name}</span>
      <span className="guest-row-state">{saving.fault?.message ?? state}</span>
      {good && !shown && (
        <button type="button" className="button button-quiet" onClick={onShow}>
          {told.link}
        </button>
      )}
      {good && (
        <button
          type="button"
          className="button button-quiet"
          aria-label={told.revokeName(name)}
          onClick={() => void saving.save(() => bridge.invoke('room.revoke', { guestId: id }))}
        >
          {told.revoke}
        </button>
      )}
    </li>
  );
}

function isGood({ expiresAt, revoked }: RoomGuest): boolean {
  return !revoked && expiresAt > Date.now();
}
