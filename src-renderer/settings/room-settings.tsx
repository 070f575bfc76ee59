/** The LiveKit server that rooms are made on, its key, and the rules of a shared conversation. */
import { useState } from 'react';
import type { RoomsView } from '../../src-preload/rooms-contract.ts';
import type { Settings } from '../../src-preload/settings.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { Field } from '../ui/field.tsx';
import { useSaving } from '../ui/saving.ts';
import { Section } from '../ui/section.tsx';
import { ChoiceSetting, OptionalTextSetting, SwitchSetting, TextSetting } from './setting-fields.tsx';
import { TestButton } from './test-button.tsx';

const told = words.roomSettings;

const WHEN_HELD = ['refuse', 'queue'] as const;
const LISTENING = ['push-to-talk', 'open-microphone'] as const;

export function RoomSettings({ rooms }: { rooms: Settings['rooms'] }) {
  const { bridge } = useServices();
  const server = useWindow((state) => state.rooms?.server);
  return (
    <Section title={told.title} about={told.about}>
      <OptionalTextSetting
        label={told.url}
        hint={told.urlHint}
        placeholder="wss://"
        value={rooms.url}
        patch={(url) => ({ rooms: { url } })}
      />
      <Credentials source={server?.credentials ?? 'none'} />
      {server?.url && (
        <TestButton
          name={told.title}
          label={server.url}
          of={`${server.url} ${server.credentials}`}
          test={() => bridge.invoke('room.test', {})}
        />
      )}
      <TextSetting label={told.name} hint={told.nameHint} value={rooms.name} patch={(name) => ({ rooms: { name } })} />
      <OptionalTextSetting
        label={told.guestPage}
        hint={told.guestPageHint}
        placeholder="https://"
        value={rooms.guestPage}
        patch={(guestPage) => ({ rooms: { guestPage } })}
      />
      <ChoiceSetting
        label={told.whenHeld}
        values={WHEN_HELD}
        names={told.whenHelds}
        value={rooms.whenHeld}
        patch={(whenHeld) => ({ rooms: { whenHeld } })}
      />
      <ChoiceSetting
        label={told.listening}
        hint={told.listeningHint}
        values={LISTENING}
        names={told.listenings}
        value={rooms.listening}
        patch={(listening) => ({ rooms: { listening } })}
      />
      <SwitchSetting
        label={told.serverRecording}
        hint={told.serverRecordingHint}
        value={rooms.serverRecording}
        patch={(serverRecording) => ({ rooms: { serverRecording } })}
      />
    </Section>
  );
}

/** Can be written and forgotten, never read. */
function Credentials({ source }: { source: RoomsView['server']['credentials'] }) {
  const { bridge } = useServices();
  const saving = useSaving();
  const [apiKey, setApiKey] = useState('');
  const [apiSecret, setApiSecret] = useState('');
  const set = (credentials: { apiKey: string; apiSecret: string } | null) =>
    saving.save(() => bridge.invoke('room.setCredentials', { credentials }));
  const complete = apiKey.trim() !== '' && apiSecret.trim() !== '';
  const save = async () => {
    if (!complete || !(await set({ apiKey: apiKey.trim(), apiSecret: apiSecret.trim() }))) return;
    setApiKey('');
    setApiSecret('');
  };
  const ours = source === 'stored' || source === 'session';
  return (
    <Field label={told.key} hint={told.keySources[source]} saving={saving} kind="group">
      {() => (
        <div className="field-row">
          <input
            className="input"
            aria-label={told.apiKey}
            placeholder={told.apiKey}
            autoComplete="off"
            spellCheck={false}
            value={apiKey}
            onChange={(event) => setApiKey(event.target.value)}
          />
          <input
            className="input"
            type="password"
            aria-label={told.apiSecret}
            placeholder={told.apiSecret}
            autoComplete="off"
            value={apiSecret}
            onChange={(event) => setApiSecret(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && void save()}
          />
          {complete && (
            <button type="button" className="button" onClick={() => void save()}>
              {words.settings.saveKey}
            </button>
          )}
          {ours && apiKey === '' && apiSecret === '' && (
            <button type="button" className="button" onClick={() => void set(null)}>
              {words.settings.forgetKey}
            </button>
          )}
        </div>
      )}
    </Field>
  );
}
