/** Settings: everything on one page, each field saved by itself. */
import './settings-screen.css';
import { Suspense, useRef, useState } from 'react';
import type { AppView } from '../../src-preload/contract.ts';
import type { Settings } from '../../src-preload/settings.ts';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';
import { part } from '../ui/part.tsx';
import { Section } from '../ui/section.tsx';
import { ProviderSettings, type Server } from './provider-settings.tsx';
import { RoomSettings } from './room-settings.tsx';
import { ChoiceSetting, NumberSetting, OptionalTextSetting } from './setting-fields.tsx';
import { SettingsContents } from './settings-contents.tsx';
import { SoundSettings } from './sound-settings.tsx';
import { ThinkingSettings, TranscriptionSettings, VoiceSettings } from './stage-settings.tsx';
import { TalkKeySetting } from './talk-key-setting.tsx';
import { ToolServers } from './tool-servers.tsx';

const { about, appearances, fields, hints, sections, units } = words.settings;

const APPEARANCES = ['system', 'light', 'dark'] as const;

/** Seldom needed: the window starts without it. */
const LogSettings = part(async () => (await import('./log-settings.tsx')).LogSettings);

export function SettingsScreen() {
  const app = useWindow((state) => state.app);
  const page = useRef<HTMLDivElement>(null);
  const [servers, setServers] = useState<readonly Server[]>([]);
  if (!app) return <p className="settings-waiting">{words.connecting}</p>;
  const { settings } = app;
  return (
    <div className="settings">
      <SettingsContents scroller={page} />
      <div className="settings-page" ref={page}>
        <div className="settings-content">
          <h2 className="settings-title">{words.settings.title}</h2>
          <ProviderSettings app={app} servers={servers} onServers={setServers} />
          <TranscriptionSettings app={app} servers={servers} />
          <ThinkingSettings app={app} servers={servers} />
          <VoiceSettings app={app} servers={servers} />
          <ToolServers servers={settings.mcp} />
          <Section title={sections.documents} about={about.documents}>
            <OptionalTextSetting
              label={fields.documentsFolder}
              hint={hints.documentsFolder}
              value={settings.documents.folder}
              patch={(folder) => ({ documents: { folder } })}
            />
          </Section>
          <SoundSettings audio={settings.audio} />
          <Section title={sections.talk}>
            <TalkKeySetting value={settings.talk.key} />
          </Section>
          <VoiceDetectionSettings vad={settings.vad} />
          <RoomSettings rooms={settings.rooms} />
          <Suspense fallback={<p className="settings-waiting">{words.history.reading}</p>}>
            <LogSettings app={app} />
          </Suspense>
          <Section title={sections.appearance}>
            <ChoiceSetting
              label={fields.appearance}
              values={APPEARANCES}
              names={appearances}
              value={settings.appearance}
              patch={(appearance) => ({ appearance })}
            />
          </Section>
          <About app={app} />
        </div>
      </div>
    </div>
  );
}

function VoiceDetectionSettings({ vad }: { vad: Settings['vad'] }) {
  return (
    <Section title={sections.vad} about={about.vad}>
      <NumberSetting
        label={fields.threshold}
        hint={hints.threshold}
        step={0.01}
        value={vad.threshold}
        patch={(threshold) => ({ vad: { threshold: threshold ?? vad.threshold } })}
      />
      <NumberSetting
        label={fields.negativeThreshold}
        hint={hints.negativeThreshold}
        step={0.01}
        optional
        value={vad.negativeThreshold}
        patch={(negativeThreshold) => ({ vad: { negativeThreshold } })}
      />
      {(['minSpeechMs', 'minSilenceMs', 'padBeforeMs', 'padAfterMs'] as const).map((field) => (
        <NumberSetting
          key={field}
          label={fields[field]}
          unit={units.ms}
          step={10}
          value={vad[field]}
          patch={(ms) => ({ vad: { [field]: ms ?? vad[field] } })}
        />
      ))}
      <NumberSetting
        label={fields.maxSpeechMs}
        hint={hints.maxSpeechMs}
        unit={units.ms}
        step={1000}
        optional
        value={vad.maxSpeechMs}
        patch={(maxSpeechMs) => ({ vad: { maxSpeechMs } })}
      />
      <NumberSetting
        label={fields.smoothing}
        hint={hints.smoothing}
        step={0.05}
        value={vad.smoothing}
        patch={(smoothing) => ({ vad: { smoothing: smoothing ?? vad.smoothing } })}
      />
    </Section>
  );
}

function About({ app }: { app: AppView }) {
  return (
    <Section title={sections.about}>
      <dl className="about">
        <dt>{about.version}</dt>
        <dd className="evidence">{app.version}</dd>
        <dt>{about.system}</dt>
        <dd className="evidence">
          {app.platform} · {app.host}
        </dd>
        <dt>{about.home}</dt>
        <dd className="evidence">{app.home}</dd>
        <dt>{about.keys}</dt>
        <dd>{app.keyStorage.note}</dd>
      </dl>
    </Section>
  );
}
