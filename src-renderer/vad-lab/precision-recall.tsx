/** Precision against recall of the bare probabilities, threshold by threshold, and where the threshold in use stands. */
import type { VadCurves } from '../../src-preload/vad-lab-contract.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLabState } from './lab.ts';

const { scores: told } = labWords;

const SIZE = 272;
const HEIGHT = 140;
const INSET = 24;

export function PrecisionRecall({ curves }: { curves: VadCurves }) {
  const threshold = useLabState((state) => state.parameters.threshold);
  const x = (recall: number) => INSET + recall * (SIZE - INSET - 8);
  const y = (precision: number) => 8 + (1 - precision) * (HEIGHT - INSET - 8);
  const here = curves.points.reduce<VadCurves['points'][number] | undefined>(
    (nearest, point) =>
      !nearest || Math.abs(point.threshold - threshold) < Math.abs(nearest.threshold - threshold) ? point : nearest,
    undefined,
  );
  return (
    <figure className="precision-recall">
      <svg
        viewBox={`0 0 ${SIZE} ${HEIGHT}`}
        role="img"
        aria-label={told.curve(here?.precision ?? 0, here?.recall ?? 0)}
      >
        <path className="pareto-axes" d={`M${x(0)} ${y(1)}V${y(0)}H${x(1)}`} />
        <path
          className="pareto-front"
          d={curves.points
            .map(({ precision, recall }, i) => `${i === 0 ? 'M' : 'L'}${x(recall)} ${y(precision)}`)
            .join('')}
        />
        {here && <circle className="pareto-point" data-chosen cx={x(here.recall)} cy={y(here.precision)} r={4} />}
        <text x={x(1)} y={HEIGHT - 8} textAnchor="end">
          {told.rows.recall}
        </text>
        <text x={x(0) + 4} y={16}>
          {told.rows.precision}
        </text>
      </svg>
      <figcaption className="lab-quiet">{told.curveAbout}</figcaption>
    </figure>
  );
}
