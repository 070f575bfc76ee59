/** The upkeep of the log: what is kept and what erased, copies, anchors, who else is told, and by which prices it counts. */
import './log-settings.css';
import type { AppView } from '../../src-preload/contract.ts';
import { logWords } from '../i18n/log-words.ts';
import { Section } from '../ui/section.tsx';
import { AnchorSettings } from './anchor-settings.tsx';
import { BackupSettings } from './backup-settings.tsx';
import { RetentionSettings } from './retention-settings.tsx';
import { OptionalTextSetting, SwitchSetting } from './setting-fields.tsx';

export function LogSettings({ app }: { app: AppView }) {
  const { log, telemetry } = app.settings;
  return (
    <>
      <RetentionSettings rules={log} />
      <BackupSettings folder={log.backupFolder} everyDays={log.backupEveryDays} />
      <AnchorSettings folder={log.anchorFolder} />
      <TelemetrySettings telemetry={telemetry} />
      <Prices home={app.home} platform={app.platform} />
    </>
  );
}

function TelemetrySettings({ telemetry }: { telemetry: AppView['settings']['telemetry'] }) {
  const told = logWords.telemetry;
  return (
    <Section title={told.title} about={told.about}>
      <OptionalTextSetting
        label={told.endpoint}
        hint={told.endpointHint}
        placeholder="http://localhost:4318"
        value={telemetry.otlpEndpoint}
        patch={(otlpEndpoint) => ({ telemetry: { otlpEndpoint } })}
      />
      <SwitchSetting
        label={told.content}
        hint={told.contentHint}
        value={telemetry.includeContent}
        patch={(includeContent) => ({ telemetry: { includeContent } })}
      />
    </Section>
  );
}

/** As docs/prices.md has it. */
const PRICE = `{ "version": 1, "prices": [
  { "server": "api.openai.com", "model": "gpt-5-mini",
    "from": "2027-01-01", "input": 0.2, "output": 1.8 } ] }`;

function Prices({ home, platform }: Pick<AppView, 'home' | 'platform'>) {
  const told = logWords.prices;
  return (
    <Section title={told.title} about={told.about}>
      <p className="log-note">{told.own}</p>
      <p className="log-path evidence">{[home, 'prices.json'].join(platform === 'win32' ? '\\' : '/')}</p>
      <p className="log-note">{told.example}</p>
      <pre className="log-example evidence">{PRICE}</pre>
    </Section>
  );
}
