/** A field per kind of setting. Each writes its own value as soon as it is chosen, or when a text is left. */
import { useEffect, useState } from 'react';
import type { SettingsPatch } from '../../src-preload/settings.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { Field } from '../ui/field.tsx';
import { useSaving } from '../ui/saving.ts';

interface SettingProps<T> {
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  /** Where the value stands in the settings. */
  readonly patch: (value: T) => SettingsPatch;
}

function useUpdate() {
  const { bridge, store } = useServices();
  return async (patch: SettingsPatch) => {
    const settings = await bridge.invoke('settings.update', patch);
    store.setState(({ app }) => ({ app: app && { ...app, settings } }));
  };
}

/** What the control shows: the saved value, or what was just chosen. */
function useDraft<T>(value: T) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  return [draft, setDraft] as const;
}

interface TextProps extends SettingProps<string> {
  readonly placeholder?: string;
  readonly suggestions?: readonly string[];
  readonly lines?: number;
}

export function TextSetting({ label, hint, value, patch, placeholder, suggestions = [], lines }: TextProps) {
  const update = useUpdate();
  const saving = useSaving();
  const [draft, setDraft] = useDraft(value);
  const commit = () => {
    const text = draft.trim();
    if (text !== value || saving.fault) void saving.save(() => update(patch(text)));
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
        if (lines) return <textarea {...common} rows={lines} />;
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
export function OptionalTextSetting({
  value,
  patch,
  ...rest
}: Omit<TextProps, 'value' | 'patch'> & SettingProps<string | null>) {
  return <TextSetting {...rest} value={value ?? ''} patch={(text) => patch(text === '' ? null : text)} />;
}

interface NumberProps extends SettingProps<number | null> {
  readonly unit?: string;
  readonly step: number;
  readonly optional?: boolean;
}

export function NumberSetting({ label, hint, value, patch, unit, step, optional }: NumberProps) {
  const update = useUpdate();
  const saving = useSaving();
  const [draft, setDraft] = useDraft(String(value ?? ''));
  const commit = () => {
    const number = draft.trim() === '' && optional ? null : Number.parseFloat(draft);
    if (Number.isNaN(number)) {
      saving.refuse({ stage: null, code: 'number-expected', message: words.settings.number, hint: '' });
    } else if (number !== value || saving.fault) {
      void saving.save(() => update(patch(number)));
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

export function SwitchSetting({ label, hint, value, patch }: SettingProps<boolean>) {
  const update = useUpdate();
  const saving = useSaving();
  const [draft, setDraft] = useDraft(value);
  const choose = async (choice: boolean) => {
    setDraft(choice);
    if (!(await saving.save(() => update(patch(choice))))) setDraft(value);
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

interface ChoiceProps<T extends string> extends SettingProps<T> {
  readonly choices: readonly { readonly value: T; readonly label: string }[];
}

export function ChoiceSetting<T extends string>({ label, hint, value, patch, choices }: ChoiceProps<T>) {
  const update = useUpdate();
  const saving = useSaving();
  const [draft, setDraft] = useDraft(value);
  const choose = async (choice: T | undefined) => {
    if (choice === undefined) return;
    setDraft(choice);
    if (!(await saving.save(() => update(patch(choice))))) setDraft(value);
  };
  return (
    <Field label={label} hint={hint} saving={saving}>
      {(control) => (
        <select
          {...control}
          className="input"
          value={draft}
          onChange={(event) => void choose(choices[event.target.selectedIndex]?.value)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
