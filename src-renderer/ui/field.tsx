/** The frame of every setting: name, control, what to know about it, and whether it is saved. */
import './field.css';
import { type ReactNode, useId } from 'react';
import { sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import type { Saving } from './saving.ts';

export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Left out for what is not saved by itself, and can't be wrong. */
  readonly saving?: Saving | undefined;
  /** `group`: the controls have names of their own. */
  readonly kind?: 'check' | 'group';
  readonly children: (props: ControlProps) => ReactNode;
}

export function Field({ label, hint, saving, kind, children }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : null;
  const fault = saving?.fault ?? null;
  const errorId = fault ? `${id}-error` : null;
  const describedBy = [errorId, hintId].filter(Boolean).join(' ') || undefined;
  const group = kind === 'group' ? { role: 'group', 'aria-labelledby': `${id}-label` } : {};
  return (
    <div className={kind === 'check' ? 'field field-check' : 'field'} {...group}>
      {kind === 'group' ? (
        <span className="field-label" id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
      )}
      <div className="field-control">
        {children({ id, 'aria-describedby': describedBy, 'aria-invalid': fault ? true : undefined })}
        {fault && (
          <p className="field-error" id={errorId ?? undefined}>
            <strong>{sentence(fault.message)}</strong> {sentence(fault.hint)}
          </p>
        )}
        {hint && (
          <p className="field-hint" id={hintId ?? undefined}>
            {hint}
          </p>
        )}
      </div>
      <span className="field-status" role="status">
        {saving?.state === 'saved' && words.settings.saved}
        {saving?.state === 'saving' && words.settings.saving}
      </span>
    </div>
  );
}
