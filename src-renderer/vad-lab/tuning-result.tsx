/** What tuning found: whether it is better, how good on recordings it had seen and had not, and what else there is to choose from. */
import type { VadParameters, VadTuning } from '../../src-preload/vad-lab-contract.ts';
import { formatFigure, sentence } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLab, useLabState } from './lab.ts';
import { ParetoPicture } from './pareto-picture.tsx';

const { tune: told } = labWords;

export function TuningResult({ tuning }: { tuning: VadTuning }) {
  const lab = useLab();
  const presets = useLabState((state) => state.presets);
  const nameOf = (id: string) => presets.find((preset) => preset.id === id)?.preset.name ?? id;
  const apply = (parameters: VadParameters) => lab.store.setState({ parameters });
  const { heldOut, pareto, parameters, rivals, train, verdict } = tuning;
  return (
    <section className="tuning-result" aria-label={told.result}>
      <h4 className="lab-heading">{told.result}</h4>
      <p className="tuning-verdict">{sentence(verdict.sentence)}</p>
      <dl className="lab-figures">
        <div>
          <dt>{told.train}</dt>
          <dd className="evidence">{formatFigure(train.value, 3)}</dd>
        </div>
        <div>
          <dt>{told.heldOut}</dt>
          {heldOut ? (
            <dd className="evidence">{told.interval(heldOut.value, heldOut.interval)}</dd>
          ) : (
            <dd>{told.nothingHeldOut}</dd>
          )}
        </div>
      </dl>
      <button type="button" className="button button-strong" onClick={() => apply(parameters)}>
        {told.apply}
      </button>
      {pareto.length > 1 && <ParetoPicture points={pareto} onChoose={apply} />}
      {rivals.length > 0 && (
        <>
          <h4 className="lab-heading">{told.rivals}</h4>
          <dl className="lab-figures">
            {rivals.map(({ id, interval, value }) => (
              <div key={id}>
                <dt>{nameOf(id)}</dt>
                <dd className="evidence">{told.interval(value, interval)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}
