/** The two thresholds as lines over the probability, to be dragged or moved by keyboard. */
import type { KeyboardEvent, PointerEvent } from 'react';
import { negativeThresholdOf } from '../../src-preload/vad-parameters.ts';
import { formatFigure } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { INSET, probabilityAt } from './drawing/probability.ts';
import { useLab, useLabState } from './lab.ts';

const STEPS: Record<string, number> = {
  ArrowUp: 0.01,
  ArrowRight: 0.01,
  ArrowDown: -0.01,
  ArrowLeft: -0.01,
  PageUp: 0.1,
  PageDown: -0.1,
};

const { parameters: names } = labWords.settings;

export function ThresholdLines() {
  const lab = useLab();
  const parameters = useLabState((state) => state.parameters);
  const negative = negativeThresholdOf(parameters);
  return (
    <>
      <Line
        name={names.threshold}
        value={parameters.threshold}
        kind="start"
        onChange={(threshold) => lab.set({ threshold })}
      />
      <Line
        name={names.negativeThreshold}
        value={negative}
        kind="stop"
        onChange={(negativeThreshold) => lab.set({ negativeThreshold })}
      />
    </>
  );
}

interface LineProps {
  readonly name: string;
  readonly value: number;
  readonly kind: 'start' | 'stop';
  readonly onChange: (value: number) => void;
}

const LOWEST = 0.01;
const HIGHEST = 0.99;

function Line({ kind, name, onChange, value }: LineProps) {
  const set = (next: number) => onChange(Math.round(Math.max(LOWEST, Math.min(HIGHEST, next)) * 100) / 100);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (step !== undefined) set(value + step);
    else if (event.key === 'Home') set(LOWEST);
    else if (event.key === 'End') set(HIGHEST);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1 || !event.currentTarget.parentElement) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    const { height, top } = event.currentTarget.parentElement.getBoundingClientRect();
    set(probabilityAt(event.clientY - top, height));
  };
  return (
    <div
      className="threshold"
      data-kind={kind}
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={value}
      aria-valuetext={formatFigure(value, 2)}
      style={{ top: `calc(${INSET}px + (100% - ${2 * INSET}px) * ${1 - value})` }}
      onKeyDown={onKeyDown}
      onPointerDown={drag}
      onPointerMove={drag}
    >
      <span className="threshold-value evidence">{formatFigure(value, 2)}</span>
    </div>
  );
}
