/** A price of the user's own, new or changed. What is wrong with it is said at its field. */
import './price-dialog.css';
import { useState } from 'react';
import type { CommandOutput } from '../../src-preload/contract.ts';
import type { PriceAmounts, PriceKeyView, PriceView } from '../../src-preload/prices-contract.ts';
import { sentence } from '../i18n/format.ts';
import { logWords } from '../i18n/log-words.ts';
import { useServices } from '../services.ts';
import { DialogForm } from '../ui/dialog-form.tsx';
import { DraftField } from '../ui/draft-field.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { Field } from '../ui/field.tsx';
import { useSaving } from '../ui/saving.ts';

const { price: told } = logWords;

type Listed = CommandOutput<'prices.list'>;
type Amount = keyof PriceAmounts;
const AMOUNTS = Object.keys(told.amounts) as Amount[];

/** What is known of a model before it has a price. */
export type PriceDraft = Partial<PriceView> & Pick<PriceKeyView, 'server' | 'model'>;

interface PriceDialogProps {
  readonly price: PriceDraft;
  readonly onSaved: (listed: Listed) => void;
  readonly onClose: () => void;
}

export function PriceDialog({ price, onSaved, onClose }: PriceDialogProps) {
  const { bridge } = useServices();
  const saving = useSaving();
  const fields = {
    server: useSaving(),
    model: useSaving(),
    from: useSaving(),
    amounts: useSaving(),
    note: useSaving(),
  };
  const [draft, setDraft] = useState(() => draftOf(price));
  const own = price.own === true;
  const replaced = own ? { server: price.server, model: price.model, from: price.from ?? null } : null;

  const submit = () => {
    const server = hostOf(draft.server);
    const amounts = Object.fromEntries(AMOUNTS.map((field) => [field, numberOf(draft[field])])) as PriceAmounts;
    if (server === '') return fields.server.refuse(mistake(told.serverMissing));
    if (draft.model.trim() === '') return fields.model.refuse(mistake(told.modelMissing));
    const wrong = mistakeIn(amounts);
    if (wrong) return fields.amounts.refuse(mistake(wrong));
    const row = { server, model: draft.model.trim(), from: draft.from || null, note: draft.note.trim() || null };
    void saving.save(async () =>
      onSaved(await bridge.invoke('prices.set', { price: { ...row, ...amounts }, replaced })),
    );
  };
  const remove = () =>
    replaced && void saving.save(async () => onSaved(await bridge.invoke('prices.remove', replaced)));

  const text = (field: 'server' | 'model' | 'from' | 'note') => ({
    label: told[field],
    value: draft[field],
    onChange: (value: string) => setDraft({ ...draft, [field]: value }),
    saving: fields[field],
  });
  const busy = saving.state === 'saving';
  return (
    <DialogForm
      title={own ? told.change : told.add}
      submit={told.save}
      busy={busy}
      cancel={told.cancel}
      actions={
        own && (
          <button type="button" className="button" disabled={busy} onClick={remove}>
            {told.remove}
          </button>
        )
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <DraftField {...text('server')} />
      <DraftField {...text('model')} />
      <DraftField {...text('from')} type="date" hint={own ? told.fromOwn : told.fromNew} />
      <Field label={told.title} hint={told.hint} saving={fields.amounts} kind="group">
        {(control) => (
          <div className="price-amounts">
            {AMOUNTS.map((field) => (
              <label key={field} className="price-amount">
                <span>{told.amounts[field]}</span>
                <input
                  className="input input-number"
                  inputMode="decimal"
                  aria-describedby={control['aria-describedby']}
                  autoComplete="off"
                  value={draft[field]}
                  onChange={({ target }) => setDraft({ ...draft, [field]: target.value })}
                />
              </label>
            ))}
          </div>
        )}
      </Field>
      <DraftField {...text('note')} maxLength={500} />
      <FaultNote className="dialog-error" fault={saving.fault} />
    </DialogForm>
  );
}

function draftOf(price: PriceDraft) {
  const { server, model, from = null, note = null, own } = price;
  const amounts = Object.fromEntries(AMOUNTS.map((field) => [field, String(price[field] ?? '')]));
  // Prices that come with Squelch are left to what was used before; what had none gets its first one throughout.
  const day = own === false ? new Date().toISOString().slice(0, 10) : (from ?? '');
  return { server, model, from: day, note: note ?? '', ...(amounts as Record<Amount, string>) };
}

/** Also of an address that was pasted. */
function hostOf(text: string): string {
  const trimmed = text.trim();
  return /^\w+:\/\//.test(trimmed) && URL.canParse(trimmed) ? new URL(trimmed).host : trimmed;
}

function numberOf(text: string): number | null {
  const trimmed = text.trim().replace(/^\$/, '').replace(',', '.');
  return trimmed === '' ? null : Number(trimmed);
}

function mistakeIn(amounts: PriceAmounts): string | null {
  const { input, output, perMinute, perMillionCharacters } = amounts;
  if (Object.values(amounts).some((amount) => amount !== null && !(amount >= 0))) return told.amountInvalid;
  if ((input === null) !== (output === null)) return told.bothWays;
  return [input, perMinute, perMillionCharacters].every((amount) => amount === null) ? told.noAmount : null;
}

function mistake(message: string) {
  return { stage: null, code: 'price-invalid', message: sentence(message), hint: '' };
}
