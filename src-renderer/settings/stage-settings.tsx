/** What each stage can be told: who does it, where, with which model. */
import type { ReactNode } from 'react';
import type { AppView } from '../../src-preload/contract.ts';
import type { SettingsPatch, Stage } from '../../src-preload/settings.ts';
import { words } from '../i18n/words.ts';
import { Section } from '../ui/section.tsx';
import { KeyField } from './key-field.tsx';
import type { Server } from './provider-settings.tsx';
import { ChoiceSetting, NumberSetting, OptionalTextSetting, TextSetting } from './setting-fields.tsx';
import { StageTest } from './stage-test.tsx';

const { fields, hints, modes, providers, units } = words.settings;

const PROVIDERS = ['auto', 'openai', 'practice'] as const;

const MODES = ['segmented', 'realtime', 'batch'] as const;

interface StageProps {
  readonly app: AppView;
  readonly servers: readonly Server[];
}

export function TranscriptionSettings({ app, servers }: StageProps) {
  const { stt } = app.settings;
  return (
    <StageSection app={app} stage="stt" servers={servers}>
      <OptionalTextSetting
        label={fields.language}
        hint={hints.language}
        value={stt.language}
        patch={(language) => ({ stt: { language } })}
      />
      <ChoiceSetting
        label={fields.mode}
        hint={hints.mode}
        values={MODES}
        names={modes}
        value={stt.mode}
        patch={(mode) => ({ stt: { mode } })}
      />
    </StageSection>
  );
}

export function ThinkingSettings({ app, servers }: StageProps) {
  return (
    <StageSection app={app} stage="llm" servers={servers}>
      <OptionalTextSetting
        label={fields.instructions}
        hint={hints.instructions}
        value={app.settings.llm.instructions}
        patch={(instructions) => ({ llm: { instructions } })}
        lines={3}
      />
      <OptionalTextSetting
        label={fields.realtimeModel}
        hint={hints.realtimeModel}
        placeholder="gpt-realtime"
        value={app.settings.llm.realtimeModel}
        patch={(realtimeModel) => ({ llm: { realtimeModel } })}
      />
    </StageSection>
  );
}

export function VoiceSettings({ app, servers }: StageProps) {
  const { tts } = app.settings;
  return (
    <StageSection app={app} stage="tts" servers={servers}>
      <TextSetting label={fields.voice} value={tts.voice} patch={(voice) => ({ tts: { voice } })} />
      <NumberSetting
        label={fields.sampleRate}
        hint={hints.sampleRate}
        unit={units.hz}
        step={1}
        value={tts.sampleRate}
        patch={(sampleRate) => ({ tts: { sampleRate: sampleRate ?? tts.sampleRate } })}
      />
    </StageSection>
  );
}

function StageSection({ app, stage, servers, children }: StageProps & { stage: Stage; children: ReactNode }) {
  const settings = app.settings[stage];
  const status = app.stages[stage];
  const patch = (change: { provider?: typeof settings.provider; baseUrl?: string | null; model?: string }) =>
    ({ [stage]: change }) as SettingsPatch;
  const models = servers.find((server) => server.baseUrl === settings.baseUrl)?.models ?? [];
  return (
    <Section title={words.settings.sections[stage]} about={words.settings.about[stage]}>
      <StageTest app={app} stage={stage} />
      <ChoiceSetting
        label={fields.provider}
        values={PROVIDERS}
        names={providers}
        value={settings.provider}
        patch={(provider) => patch({ provider })}
      />
      {settings.provider !== 'practice' && (
        <>
          <OptionalTextSetting
            label={fields.baseUrl}
            hint={hints.baseUrl}
            placeholder="http://127.0.0.1:8000/v1"
            value={settings.baseUrl}
            patch={(baseUrl) => patch({ baseUrl })}
          />
          <TextSetting
            label={fields.model}
            value={settings.model}
            suggestions={models}
            patch={(model) => patch({ model })}
          />
          <KeyField stage={stage} source={status.key} />
          {children}
        </>
      )}
    </Section>
  );
}
