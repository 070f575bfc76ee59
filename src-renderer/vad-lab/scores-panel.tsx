/** How well the settings do against the labels: all together, and recording by recording with the worst first. */
import { useEffect, useState } from 'react';
import type { VadBoundaryScores, VadCurves, VadScore } from '../../src-preload/vad-lab-contract.ts';
import { formatFigure, formatShare } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { CostSlider } from './cost-slider.tsx';
import { useLab, useLabState } from './lab.ts';
import { PrecisionRecall } from './precision-recall.tsx';
import { Report } from './report.tsx';

const { scores: told } = labWords;

export function ScoresPanel() {
  const score = useLabState((state) => state.score);
  return (
    <>
      {score ? <Scores score={score} /> : <p className="lab-note">{told.none}</p>}
      <Report />
    </>
  );
}

function Scores({ score }: { score: VadScore }) {
  return (
    <>
      <section aria-label={told.pooled}>
        <h4 className="lab-heading">{told.pooled}</h4>
        <Pooled scores={score.pooled} />
      </section>
      <section aria-label={told.files}>
        <h4 className="lab-heading">{told.files}</h4>
        <Files score={score} />
      </section>
    </>
  );
}

function Pooled({ scores }: { scores: VadBoundaryScores }) {
  const curves = useCurves();
  const auc = curves?.auc ?? null;
  const rows: readonly (readonly [string, string])[] = [
    [told.rows.f1, formatFigure(scores.f1, 3)],
    [told.rows.precision, formatShare(scores.precision)],
    [told.rows.recall, formatShare(scores.recall)],
    [told.rows.detectionCost, formatFigure(scores.detectionCost, 3)],
    [told.rows.auc, auc === null ? '–' : formatFigure(auc, 3)],
    [told.rows.segmentMissRate, formatShare(scores.segmentMissRate)],
    [told.rows.segmentFalseAlarmRate, formatShare(scores.segmentFalseAlarmRate)],
    [told.rows.onset, told.spread(scores.onsetError.medianMs, scores.onsetError.p95Ms)],
    [told.rows.offset, told.spread(scores.offsetError.medianMs, scores.offsetError.p95Ms)],
    [told.rows.clippedOnsetRate, formatShare(scores.clippedOnsetRate)],
    [told.rows.meanEndDelayMs, told.delay(scores.meanEndDelayMs)],
    [told.rows.cutOffRate, formatShare(scores.cutOffRate)],
    [told.rows.segmentsPerMinute, formatFigure(scores.segmentsPerMinute, 1)],
  ];
  return (
    <>
      <dl className="lab-figures">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="evidence">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="parameters">
        <CostSlider />
      </div>
      {curves && <PrecisionRecall curves={curves} />}
    </>
  );
}

function Files({ score }: { score: VadScore }) {
  const lab = useLab();
  const source = useLabState((state) => state.source);
  const chosenId = useLabState((state) => state.chosenId);
  const names = new Map(source?.recordings.map(({ id, name }) => [id, name]));
  return (
    <table className="lab-table">
      <thead>
        <tr>
          <th scope="col">{told.recording}</th>
          <th scope="col">{told.f1}</th>
          <th scope="col">{told.missed}</th>
          <th scope="col">{told.falsely}</th>
        </tr>
      </thead>
      <tbody>
        {score.files.map(({ recordingId, scores }) => (
          <tr key={recordingId} aria-current={recordingId === chosenId ? 'true' : undefined}>
            <th scope="row">
              <button type="button" className="link" onClick={() => void lab.choose(recordingId)}>
                {names.get(recordingId)}
              </button>
            </th>
            <td className="evidence">{formatFigure(scores.f1, 3)}</td>
            <td className="evidence">{formatShare(scores.missRate)}</td>
            <td className="evidence">{formatShare(scores.falseAlarmRate)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Of the bare probabilities: they change with the labels alone. */
function useCurves(): VadCurves | null {
  const lab = useLab();
  const drafts = useLabState((state) => state.drafts);
  const [curves, setCurves] = useState<VadCurves | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other labels make other curves
  useEffect(() => {
    let current = true;
    void lab.attempt(async () => {
      const found = await lab.bridge.invoke('vadLab.curves', { sourceId: lab.sourceId });
      if (current) setCurves(found);
    });
    return () => {
      current = false;
    };
  }, [lab, drafts]);
  return curves;
}
