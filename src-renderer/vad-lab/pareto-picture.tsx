/** Misses against delay: every point is a setting that nothing beats in both. Chosen by pointer, or along the front by keyboard. */
import { useState } from 'react';
import type { VadParameters, VadTuning } from '../../src-preload/vad-lab-contract.ts';
import { formatMs, formatShare } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';

const { tune: told } = labWords;

interface ParetoPictureProps {
  readonly points: VadTuning['pareto'];
  readonly onChoose: (parameters: VadParameters) => void;
}

const WIDTH = 272;
const HEIGHT = 160;
const INSET = { left: 40, right: 10, top: 10, bottom: 22 };

export function ParetoPicture({ onChoose, points }: ParetoPictureProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const choose = (index: number) => {
    const point = points[index];
    if (!point) return;
    setChosen(index);
    onChoose(point.parameters);
  };
  const delays = points.map(({ endDelayMs }) => endDelayMs);
  const misses = points.map(({ missRate }) => missRate);
  const [least, most] = [Math.min(...delays), Math.max(...delays)];
  const worst = Math.max(...misses, 0.001);
  const x = (delay: number) =>
    INSET.left + ((delay - least) / Math.max(1, most - least)) * (WIDTH - INSET.left - INSET.right);
  const y = (missRate: number) => INSET.top + (1 - missRate / worst) * (HEIGHT - INSET.top - INSET.bottom);
  const current = chosen === null ? null : points[chosen];
  const nearest = (event: React.PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const [px, py] = [
      ((event.clientX - box.left) / box.width) * WIDTH,
      ((event.clientY - box.top) / box.height) * HEIGHT,
    ];
    const distances = points.map((point) => Math.hypot(x(point.endDelayMs) - px, y(point.missRate) - py));
    choose(distances.indexOf(Math.min(...distances)));
  };
  return (
    <div className="pareto">
      <h4 className="lab-heading">{told.pareto}</h4>
      <p className="lab-note">{told.paretoAbout}</p>
      <div className="pareto-picture">
        <input
          className="pareto-choice"
          type="range"
          aria-label={told.pareto}
          aria-valuetext={current ? told.paretoPoint(current.missRate, current.endDelayMs) : ''}
          min={0}
          max={points.length - 1}
          step={1}
          value={chosen ?? 0}
          onChange={(event) => choose(event.target.valueAsNumber)}
        />
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" onPointerDown={nearest}>
          <path
            className="pareto-axes"
            d={`M${INSET.left} ${INSET.top}V${HEIGHT - INSET.bottom}H${WIDTH - INSET.right}`}
          />
          <text x={INSET.left - 6} y={y(worst) + 4} textAnchor="end">
            {formatShare(worst)}
          </text>
          <text x={INSET.left - 6} y={y(0)} textAnchor="end">
            0
          </text>
          <text x={INSET.left} y={HEIGHT - 6}>
            {formatMs(least)}
          </text>
          <text x={WIDTH - INSET.right} y={HEIGHT - 6} textAnchor="end">
            {formatMs(most)}
          </text>
          <path
            className="pareto-front"
            d={points.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.endDelayMs)} ${y(point.missRate)}`).join('')}
          />
          {points.map((point, index) => (
            <circle
              key={point.endDelayMs}
              className="pareto-point"
              data-chosen={index === chosen}
              cx={x(point.endDelayMs)}
              cy={y(point.missRate)}
              r={index === chosen ? 5 : 3}
            />
          ))}
        </svg>
      </div>
      <p className="evidence pareto-told">{current && told.paretoPoint(current.missRate, current.endDelayMs)}</p>
    </div>
  );
}
