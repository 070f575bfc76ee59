/** Puts the settings to use, for every agent or for one, from the next turn on. */
import { useEffect, useState } from 'react';
import { sentence } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useWindow } from '../services.ts';
import { useLab, useLabState } from './lab.ts';
import { NewsLines, useNews } from './news.tsx';
import { presetOf } from './preset-of.ts';

const { settings: told } = labWords;

export function UseSettings() {
  const lab = useLab();
  const agents = useWindow((state) => state.agents);
  const parameters = useLabState((state) => state.parameters);
  const [agentId, setAgentId] = useState('');
  const { news, ask, forget } = useNews();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said holds for the parameters it was said of
  useEffect(forget, [parameters]);

  const use = async () => {
    const { warnings } = await lab.bridge.invoke('vadLab.use', {
      preset: presetOf(lab.store.getState()),
      agentId: agentId === '' ? null : agentId,
    });
    return [told.used, ...warnings.map(sentence)];
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
      <button type="button" className="button button-strong" onClick={() => void ask(use)}>
        {told.use}
      </button>
      <NewsLines news={news} />
    </section>
  );
}
