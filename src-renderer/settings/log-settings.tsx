/** The upkeep of the log: what is kept and what erased, copies, anchors, who else is told, and by which prices it counts. */
import './log-settings.css';
import type { AppView } from '../../src-preload/contract.ts';
import { logWords } from '../i18n/log-words.ts';
import { Section } from '../ui/section.tsx';
import { AnchorSettings } from './anchor-settings.tsx';
import { BackupSettings } from './backup-settings.tsx';
import { Prices } from './prices.tsx';
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
      <Prices />
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
