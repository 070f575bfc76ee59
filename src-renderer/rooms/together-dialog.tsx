/** Two ways to talk with others: to share what is going on here, or to go where something is. */
import './together-dialog.css';
import { type FormEvent, useState } from 'react';
import type { FaultView } from '../../src-preload/contract.ts';
import type { RoomsView } from '../../src-preload/rooms-contract.ts';
import { roomWords } from '../i18n/room-words.ts';
import { useServices, useWindow } from '../services.ts';
import { useUpdate } from '../settings/setting-fields.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DraftChoice } from '../ui/draft-choice.tsx';
import { DraftField } from '../ui/draft-field.tsx';
import { type Saving, useSaving } from '../ui/saving.ts';

const { together: told } = roomWords;

type Way = 'token' | 'room';
const WAYS: readonly Way[] = ['token', 'room'];

export default function TogetherDialog({ onClose }: { onClose: () => void }) {
  const rooms = useWindow((state) => state.rooms);
  if (!rooms) return null;
  return (
    <Dialog title={told.title} onClose={onClose}>
      <Share server={rooms.server} onClose={onClose} />
      <Join server={rooms.server} onClose={onClose} />
      <p className="dialog-actions">
        <button type="button" className="button button-quiet" onClick={onClose}>
          {told.close}
        </button>
      </p>
    </Dialog>
  );
}

interface PartProps {
  readonly server: RoomsView['server'];
  readonly onClose: () => void;
}

function Share({ server, onClose }: PartProps) {
  const { bridge, store } = useServices();
  const naming = useSaving();
  const [name, setName] = useName();
  const ready = server.url !== null && server.credentials !== 'none';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.value.trim() === '') return naming.refuse(missing(told.nameMissing));
    void naming.save(async () => {
      await name.keep();
      await bridge.invoke('room.share', { name: name.value.trim() });
      onClose();
    });
  };
  return (
    <form className="together-part" onSubmit={submit} noValidate aria-label={told.share}>
      <h4 className="together-title">{told.share}</h4>
      {ready ? (
        <>
          <p className="dialog-about">{told.shareAbout(hostOf(server.url))}</p>
          <NameField saving={naming} value={name.value} onChange={setName} />
          <p className="together-submit">
            <button type="submit" className="button" disabled={naming.state === 'saving'}>
              {naming.state === 'saving' ? told.sharing : told.shareThis}
            </button>
          </p>
        </>
      ) : (
        <p className="dialog-about">
          {server.url === null ? told.noServer : told.noKey(hostOf(server.url))}{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              onClose();
              store.setState({ screen: 'settings' });
            }}
          >
            {told.toSettings}
          </button>
        </p>
      )}
    </form>
  );
}

function Join({ server, onClose }: PartProps) {
  const { bridge } = useServices();
  const saving = useSaving();
  const [way, setWay] = useState<Way>('token');
  const [url, setUrl] = useState('');
  const [token, setToken] = useState('');
  const [room, setRoom] = useState('');
  const [name, setName] = useName();
  const byName = server.url !== null && server.credentials !== 'none';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const to =
      way === 'token' ? { url: url.trim(), token: token.trim() } : { room: room.trim(), name: name.value.trim() };
    if (Object.values(to).some((value) => value === '')) return saving.refuse(missing(told.fieldsMissing));
    void saving.save(async () => {
      if (way === 'room') await name.keep();
      await bridge.invoke('room.join', to);
      onClose();
    });
  };
  return (
    <form className="together-part" onSubmit={submit} noValidate aria-label={told.join}>
      <h4 className="together-title">{told.join}</h4>
      <p className="dialog-about">{told.joinAbout}</p>
      {byName && <DraftChoice label={told.how} values={WAYS} names={told.ways} value={way} onChoose={setWay} />}
      {way === 'token' ? (
        <>
          <DraftField label={told.url} placeholder="wss://…" value={url} onChange={setUrl} />
          <DraftField label={told.token} hint={told.tokenHint} value={token} onChange={setToken} saving={saving} />
        </>
      ) : (
        <>
          <DraftField label={told.room} hint={told.roomHint(hostOf(server.url))} value={room} onChange={setRoom} />
          <NameField value={name.value} onChange={setName} />
        </>
      )}
      {way === 'room' && saving.fault && <p className="dialog-error">{saving.fault.message}</p>}
      <p className="together-submit">
        <button type="submit" className="button" disabled={saving.state === 'saving'}>
          {saving.state === 'saving' ? told.joining : told.joinThis}
        </button>
      </p>
    </form>
  );
}

interface NameFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly saving?: Saving;
}

function NameField(props: NameFieldProps) {
  return <DraftField {...props} label={told.name} />;
}

/** By which the others know one; kept for the next time. */
function useName() {
  const kept = useWindow((state) => state.app?.settings.rooms.name ?? '');
  const [draft, setDraft] = useState<string | null>(null);
  const update = useUpdate();
  const value = draft ?? kept;
  const keep = async () => {
    if (value.trim() !== kept) await update({ rooms: { name: value.trim() } });
  };
  return [{ value, keep }, setDraft] as const;
}

function hostOf(url: string | null): string {
  return url !== null && URL.canParse(url) ? new URL(url).host : (url ?? '');
}

function missing(message: string): FaultView {
  return { stage: null, code: 'field-missing', message, hint: '' };
}
