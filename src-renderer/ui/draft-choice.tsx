/** One of a few values, as part of something still to be sent. */
import { Field } from './field.tsx';
import { Select, type SelectProps } from './select.tsx';

interface DraftChoiceProps<T extends string> extends SelectProps<T> {
  readonly label: string;
}

export function DraftChoice<T extends string>({ label, ...select }: DraftChoiceProps<T>) {
  return <Field label={label}>{(control) => <Select {...control} {...select} />}</Field>;
}
