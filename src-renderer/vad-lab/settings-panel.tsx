/** The settings: where they come from, each of them as a slider, and what becomes of them. */
import type { Preset } from '../../src-preload/vad-lab-contract.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useWindow } from '../services.ts';
import { KeyTable } from './key-table.tsx';
import { parametersOf, useLab, useLabState } from './lab.ts';
import { ParameterSliders } from './parameter-sliders.tsx';
import { PresetChecks } from './preset-checks.tsx';
import { PresetFiles } from './preset-files.tsx';
import { UseSettings } from './use-settings.tsx';

const { settings: told } = labWords;

export function SettingsPanel() {
  const lab = useLab();
  const presets = useLabState((state) => state.presets);
  const presetId = useLabState((state) => state.presetId);
  const compared = useLabState((state) => state.compared);
  const parameters = useLabState((state) => state.parameters);
  const inForce = useWindow((state) => state.app?.settings.vad);
  const preset = presets.find(({ id }) => id === presetId);
  const base = preset?.preset.parameters ?? (inForce ? parametersOf(inForce) : parameters);
  const changed = JSON.stringify(base) !== JSON.stringify(parameters);
  const choose = (id: string) => {
    if (id !== '') lab.choosePreset(id);
    else if (inForce) lab.store.setState({ presetId: null, parameters: parametersOf(inForce) });
  };
  return (
    <>
      <div className="preset">
        <label className="preset-choice">
          <span className="preset-label">{told.preset}</span>
          <select className="input" value={presetId ?? ''} onChange={(event) => choose(event.target.value)}>
            <option value="">{told.inForce}</option>
            {presets.map(({ id, preset: { name } }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <p className="preset-note">
          {changed ? (
            <>
              {told.changed}{' '}
              <button type="button" className="link" onClick={() => choose(presetId ?? '')}>
                {told.reset}
              </button>
            </>
          ) : (
            preset?.preset.note
          )}
        </p>
        {preset && !changed && <Provenance preset={preset.preset} />}
        {preset?.warning && <p className="preset-note">{preset.warning}</p>}
      </div>
      <ParameterSliders />
      <UseSettings />
      <PresetFiles />
      <PresetChecks label={told.compare} chosen={compared} onChoose={(ids) => lab.store.setState({ compared: ids })} />
      <KeyTable title={labWords.keys.title} rows={labWords.keys.rows} />
    </>
  );
}

/** What a tuned preset was chosen for, and by. */
function Provenance({ preset: { data, score } }: { preset: Preset }) {
  if (!score) return null;
  return (
    <p className="preset-note">
      {told.tunedFor(score.objective, data?.recordings ?? null)} {score.cost && told.tunedCost(score.cost)}
    </p>
  );
}
