/** A text that is part of something still to be sent: its owner keeps it, and says at it what is wrong with it. */
import type { RefObject } from 'react';
import { Field } from './field.tsx';
import type { Saving } from './saving.ts';

interface DraftFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly type?: 'text' | 'date';
  readonly maxLength?: number;
  readonly field?: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Left out where nothing can be wrong with it. */
  readonly saving?: Saving | undefined;
}

export function DraftField({ label, hint, saving, field, value, onChange, type = 'text', ...rest }: DraftFieldProps) {
  return (
    <Field label={label} hint={hint} saving={saving}>
      {(control) => (
        <input
          {...control}
          {...rest}
          ref={field}
          className="input"
          type={type}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
