/** One parameter: its name, its value in figures, and a slider whose every movement counts at once. */
import { type ReactNode, useId } from 'react';

interface ParameterSliderProps {
  readonly label: string;
  readonly value: number;
  /** The value as it is read and spoken. */
  readonly text: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
  readonly children?: ReactNode;
}

export function ParameterSlider({ children, label, max, min, onChange, step, text, value }: ParameterSliderProps) {
  const id = useId();
  return (
    <div className="parameter">
      <label className="parameter-label" htmlFor={id}>
        {label}
      </label>
      {children}
      <output className="parameter-value evidence" htmlFor={id}>
        {text}
      </output>
      <input
        id={id}
        className="parameter-slider"
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        style={{ '--filled': `${((Math.min(max, value) - min) / (max - min)) * 100}%` } as React.CSSProperties}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </div>
  );
}
