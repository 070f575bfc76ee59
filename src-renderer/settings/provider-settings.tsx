/** The shortest way to a real assistant: one key for everything, or a server that runs on this machine already. */
import { useState } from 'react';
import type { AppView, CommandOutput } from '../../src-preload/contract.ts';
import type { SettingsPatch, Stage } from '../../src-preload/settings.ts';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { STAGES } from '../stages.ts';
import { Field } from '../ui/field.tsx';
import { useSaving } from '../ui/saving.ts';
import { Section } from '../ui/section.tsx';
import { KeyField } from './key-field.tsx';

export type Server = CommandOutput<'servers.discover'>[number];

interface ProviderSettingsProps {
  readonly app: AppView;
  readonly servers: readonly Server[];
  readonly onServers: (servers: readonly Server[]) => void;
}

export function ProviderSettings({ app, servers, onServers }: ProviderSettingsProps) {
  const { bridge } = useServices();
  const saving = useSaving();
  const [looked, setLooked] = useState(false);
  const [looking, setLooking] = useState(false);

  const look = async () => {
    setLooking(true);
    try {
      onServers(await bridge.invoke('servers.discover', {}));
      setLooked(true);
    } catch (thrown) {
      saving.refuse(faultOf(thrown));
    }
    setLooking(false);
  };
  const use = (stage: Stage, { baseUrl, models }: Server) => {
    const current = app.settings[stage].model;
    const model = models.length === 0 || models.includes(current) ? current : models[0];
    const patch = { [stage]: { provider: 'openai', baseUrl, model } } as SettingsPatch;
    return saving.save(() => bridge.invoke('settings.update', patch));
  };

  return (
    <Section title={words.settings.sections.connect} about={words.settings.about.connect}>
      <KeyField stage={null} source={commonSource(app)} />
      <Field label={words.settings.servers} saving={saving} kind="group">
        {() => (
          <>
            <button type="button" className="button" disabled={looking} onClick={() => void look()}>
              {looking ? words.settings.findingServers : words.settings.findServers}
            </button>
            {looked && servers.length === 0 && <p className="field-hint">{words.settings.noServers}</p>}
            <ul className="servers">
              {servers.map((server) => (
                <li key={server.baseUrl} className="server">
                  <span className="server-name">
                    {server.name} <span className="evidence">{server.baseUrl}</span>
                  </span>
                  {STAGES.map((stage) => (
                    <button
                      key={stage}
                      type="button"
                      className="button"
                      aria-label={words.settings.giveServer(stage, server.name)}
                      aria-pressed={app.settings[stage].baseUrl === server.baseUrl}
                      onClick={() => void use(stage, server)}
                    >
                      {words.stages[stage]}
                    </button>
                  ))}
                </li>
              ))}
            </ul>
          </>
        )}
      </Field>
    </Section>
  );
}

/** Where the stages' key comes from when they share one. */
function commonSource({ stages }: AppView): AppView['stages'][Stage]['key'] {
  const sources = new Set(STAGES.map((stage) => stages[stage].key));
  return sources.size === 1 ? stages.stt.key : 'none';
}
