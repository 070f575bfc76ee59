/** The key to hold, chosen by pressing it. */
import { useState } from 'react';
import { keyName } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { Field } from '../ui/field.tsx';
import { useSaving } from '../ui/saving.ts';

/** Keys that mean something else wherever they are pressed. */
const TAKEN = new Set(['Escape', 'Tab', 'Enter']);

export function TalkKeySetting({ value }: { value: string }) {
  const { bridge } = useServices();
  const saving = useSaving();
  const [asking, setAsking] = useState(false);
  return (
    <Field
      label={words.settings.fields.talkKey}
      hint={asking ? words.settings.keepKey : undefined}
      saving={saving}
      kind="group"
    >
      {() => (
        <div className="field-row">
          <kbd className="key-cap">{keyName(value)}</kbd>
          <button
            type="button"
            className="button"
            onClick={() => setAsking(true)}
            onBlur={() => setAsking(false)}
            onKeyDown={(event) => {
              if (!asking) return;
              event.preventDefault();
              if (event.code !== 'Escape' && TAKEN.has(event.code)) return;
              setAsking(false);
              if (event.code === 'Escape' || event.code === value || event.code === '') return;
              void saving.save(() => bridge.invoke('settings.update', { talk: { key: event.code } }));
            }}
            // Space clicks when it comes up; as an answer it must not ask again.
            onKeyUp={(event) => event.code === 'Space' && !asking && saving.state !== 'idle' && event.preventDefault()}
          >
            {asking ? words.settings.pressKey : words.settings.changeKey}
          </button>
        </div>
      )}
    </Field>
  );
}
