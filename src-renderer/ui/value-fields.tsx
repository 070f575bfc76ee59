/** A field per kind of value. Each saves its own as soon as it is chosen, or when a text is left. */
import { useEffect, useState } from 'react';
import { words } from '../i18n/words.ts';
import { Field } from './field.tsx';
import { useSaving } from './saving.ts';
import { Select } from './select.tsx';

export interface ValueProps<T> {
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  readonly save: (value: T) => Promise<unknown>;
}

/** What the control shows: the saved value, or what was just chosen. */
function useDraft<T>(value: T) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  return [draft, setDraft] as const;
}

export interface TextProps extends ValueProps<string> {
  readonly placeholder?: string;
  readonly suggestions?: readonly string[];
  readonly lines?: number;
}

export function TextField({ label, hint, value, save, placeholder, suggestions = [], lines }: TextProps) {
  const saving = useSaving();
  const [draft, setDraft] = useDraft(value);
  const commit = () => {
    const text = draft.trim();
    if (text !== value || saving.fault) void saving.save(() => save(text));
  };
  return (
    <Field label={label} hint={hint} saving={saving}>
      {(control) => {
        const common = {
          ...control,
          className: 'input',
          value: draft,
          placeholder,
          spellCheck: false,
          onBlur: commit,
          onChange: (event: { target: { value: string } }) => setDraft(event.target.value),
        };
        if (lines) return <textarea {...common} dir="auto" rows={lines} />;
        const listId = `${control.id}-suggestions`;
        return (
          <>
            <input
              {...common}
              type="text"
              autoComplete="off"
              list={suggestions.length > 0 ? listId : undefined}
              onKeyDown={(event) => event.key === 'Enter' && commit()}
            />
            {suggestions.length > 0 && (
              <datalist id={listId}>
                {suggestions.map((suggestion) => (
                  <option key={suggestion} value={suggestion} />
                ))}
              </datalist>
            )}
          </>
        );
      }}
    </Field>
  );
}

/** A text that may be left empty. */
export function OptionalTextField({
  value,
  save,
  ...rest
}: Omit<TextProps, 'value' | 'save'> & ValueProps<string | null>) {
  return <TextField {...rest} value={value ?? ''} save={(text) => save(text === '' ? null : text)} />;
}

export interface NumberProps extends ValueProps<number | null> {
  readonly unit?: string;
  readonly step: number;
  readonly optional?: boolean;
}

export function NumberField({ label, hint, value, save, unit, step, optional }: NumberProps) {
  const saving = useSaving();
  const [draft, setDraft] = useDraft(String(value ?? ''));
  const commit = () => {
    const number = draft.trim() === '' && optional ? null : Number.parseFloat(draft);
    if (Number.isNaN(number)) {
      saving.refuse({ stage: null, code: 'number-expected', message: words.settings.number, hint: '' });
    } else if (number !== value || saving.fault) {
      void saving.save(() => save(number));
    }
  };
  return (
    <Field label={label} hint={hint} saving={saving}>
      {(control) => (
        <div className="field-row">
          <input
            {...control}
            className="input input-number"
            type="number"
            step={step}
            value={draft}
            onBlur={commit}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && commit()}
          />
          {unit && <span className="field-unit">{unit}</span>}
        </div>
      )}
    </Field>
  );
}

export function SwitchField({ label, hint, value, save }: ValueProps<boolean>) {
  const saving = useSaving();
  const [draft, setDraft] = useDraft(value);
  const choose = async (choice: boolean) => {
    setDraft(choice);
    if (!(await saving.save(() => save(choice)))) setDraft(value);
  };
  return (
    <Field label={label} hint={hint} saving={saving} kind="check">
      {(control) => (
        <input
          {...control}
          className="checkbox"
          type="checkbox"
          checked={draft}
          onChange={(event) => void choose(event.target.checked)}
        />
      )}
    </Field>
  );
}

export interface ChoiceProps<T extends string> extends ValueProps<T> {
  readonly values: readonly T[];
  readonly names: Readonly<Record<T, string>>;
}

export function ChoiceField<T extends string>({ label, hint, value, save, values, names }: ChoiceProps<T>) {
  const saving = useSaving();
  const [draft, setDraft] = useDraft(value);
  const choose = async (choice: T) => {
    setDraft(choice);
    if (!(await saving.save(() => save(choice)))) setDraft(value);
  };
  return (
    <Field label={label} hint={hint} saving={saving}>
      {(control) => (
        <Select {...control} values={values} names={names} value={draft} onChoose={(choice) => void choose(choice)} />
      )}
    </Field>
  );
}
