/** One of a few values, by name. */
import { useId } from 'react';

interface ChoiceProps<T> {
  readonly label: string;
  readonly values: readonly T[];
  readonly value: T;
  readonly textOf: (value: T) => string;
  readonly onChoose: (value: T) => void;
}

export function Choice<T>({ label, onChoose, textOf, value, values }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="lab-field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={values.indexOf(value)}
        onChange={(event) => {
          const chosen = values[event.target.selectedIndex];
          if (chosen !== undefined) onChoose(chosen);
        }}
      >
        {values.map((one, index) => (
          <option key={textOf(one)} value={index}>
            {textOf(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
