/** Puts the settings to use, for every agent or for one, from the next turn on. */
import { useEffect, useState } from 'react';
import type { FaultView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sentence } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useWindow } from '../services.ts';
import { useLab, useLabState } from './lab.ts';
import { presetOf } from './preset-of.ts';

const { settings: told } = labWords;

export function UseSettings() {
  const lab = useLab();
  const agents = useWindow((state) => state.agents);
  const parameters = useLabState((state) => state.parameters);
  const [agentId, setAgentId] = useState('');
  const [news, setNews] = useState<readonly string[]>([]);
  const [fault, setFault] = useState<FaultView | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said holds for the parameters it was said of
  useEffect(() => setNews([]), [parameters]);

  const use = async () => {
    setFault(null);
    try {
      const { warnings } = await lab.bridge.invoke('vadLab.use', {
        preset: presetOf(lab.store.getState()),
        agentId: agentId === '' ? null : agentId,
      });
      setNews([told.used, ...warnings.map(sentence)]);
    } catch (thrown) {
      setFault(faultOf(thrown));
    }
  };
  return (
    <section className="use-settings" aria-label={told.use}>
      <label className="preset-choice">
        <span className="preset-label">{told.useFor}</span>
        <select className="input" value={agentId} onChange={(event) => setAgentId(event.target.value)}>
          <option value="">{told.everywhere}</option>
          {agents.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="button button-strong" onClick={() => void use()}>
        {told.use}
      </button>
      <div className="use-settings-news" role="status">
        {news.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {fault && (
          <p className="lab-error">
            {sentence(fault.message)} {sentence(fault.hint)}
          </p>
        )}
      </div>
    </section>
  );
}
