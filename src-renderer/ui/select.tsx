/** One of a few values, by its name. */
import type { ComponentProps } from 'react';

export interface SelectProps<T extends string> extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  readonly values: readonly T[];
  readonly names: Readonly<Record<T, string>>;
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

export function Select<T extends string>({ values, names, value, onChoose, ...rest }: SelectProps<T>) {
  return (
    <select
      className="input"
      {...rest}
      value={value}
      onChange={({ target }) => onChoose(values[target.selectedIndex] ?? value)}
    >
      {values.map((one) => (
        <option key={one} value={one}>
          {names[one]}
        </option>
      ))}
    </select>
  );
}
