/** An API key: it can be written and forgotten, never read. */
import { useState } from 'react';
import type { AppView } from '../../src-preload/contract.ts';
import type { Stage } from '../../src-preload/settings.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { Field } from '../ui/field.tsx';
import { useSaving } from '../ui/saving.ts';

interface KeyFieldProps {
  /** null for all three. */
  readonly stage: Stage | null;
  readonly source: AppView['stages'][Stage]['key'];
}

export function KeyField({ stage, source }: KeyFieldProps) {
  const { bridge } = useServices();
  const saving = useSaving();
  const [draft, setDraft] = useState('');
  const setKey = (key: string | null) => saving.save(() => bridge.invoke('settings.setKey', { stage, key }));
  const save = async () => {
    const key = draft.trim();
    if (key && (await setKey(key))) setDraft('');
  };
  const ours = source === 'stored' || source === 'session';
  return (
    <Field label={words.settings.fields.key} hint={words.settings.keySources[source]} saving={saving}>
      {(control) => (
        <div className="field-row">
          <input
            {...control}
            className="input"
            type="password"
            autoComplete="off"
            placeholder={words.settings.keyPlaceholder}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && void save()}
          />
          {draft.trim() && (
            <button type="button" className="button" onClick={() => void save()}>
              {words.settings.saveKey}
            </button>
          )}
          {ours && !draft && (
            <button type="button" className="button" onClick={() => void setKey(null)}>
              {words.settings.forgetKey}
            </button>
          )}
        </div>
      )}
    </Field>
  );
}
