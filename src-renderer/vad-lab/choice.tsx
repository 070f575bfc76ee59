/** One of a few values, by name. */
import { useId } from 'react';
import { Select, type SelectProps } from '../ui/select.tsx';

export function Choice<T extends string>({ label, ...select }: SelectProps<T> & { readonly label: string }) {
  const id = useId();
  return (
    <div className="lab-field">
      <label htmlFor={id}>{label}</label>
      <Select id={id} {...select} />
    </div>
  );
}
