/** How long sound and conversations are kept. What rules would erase is shown before they are kept, and before they run. */
import { type FormEvent, useEffect, useState } from 'react';
import type { FaultView, RetentionReport } from '../../src-preload/contract.ts';
import type { RetentionRules } from '../../src-preload/settings.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sentence } from '../i18n/format.ts';
import { logWords } from '../i18n/log-words.ts';
import { useServices } from '../services.ts';
import { Field } from '../ui/field.tsx';
import { useSaving } from '../ui/saving.ts';
import { Section } from '../ui/section.tsx';
import { useUpdate } from './setting-fields.tsx';

const { report, retention: told } = logWords;

type Rule = keyof RetentionRules;

const FIELDS: readonly { rule: Rule; label: string; hint: string; unit: string }[] = [
  { rule: 'soundDays', label: told.soundDays, hint: `${told.soundHint} ${told.forever}`, unit: told.days },
  { rule: 'allDays', label: told.allDays, hint: `${told.allHint} ${told.forever}`, unit: told.days },
  { rule: 'capMegabytes', label: told.capMegabytes, hint: `${told.capHint} ${told.unlimited}`, unit: told.megabytes },
];

export function RetentionSettings({ rules: { soundDays, allDays, capMegabytes } }: { rules: RetentionRules }) {
  const update = useUpdate();
  const saving = useSaving();
  const [draft, setDraft] = useState({
    soundDays: String(soundDays ?? ''),
    allDays: String(allDays ?? ''),
    capMegabytes: String(capMegabytes ?? ''),
  });
  /** What they would erase is another after each. */
  const [runs, setRuns] = useState(0);
  const rules = parse(draft);
  const inForce = rules?.soundDays === soundDays && rules.allDays === allDays && rules.capMegabytes === capMegabytes;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (rules) void saving.save(() => update({ log: rules }));
  };
  return (
    <Section title={told.title} about={told.about}>
      <form onSubmit={submit} noValidate>
        {FIELDS.map(({ rule, ...field }) => (
          <RuleField
            key={rule}
            {...field}
            value={draft[rule]}
            onChange={(value) => setDraft({ ...draft, [rule]: value })}
          />
        ))}
        <Preview key={runs} rules={rules} />
        <p className="log-actions">
          <button type="submit" className="button" disabled={!rules || inForce || saving.state === 'saving'}>
            {told.save}
          </button>
          <span className="log-note" role="status">
            {saving.fault
              ? `${sentence(saving.fault.message)} ${sentence(saving.fault.hint)}`
              : saving.state === 'saved' && told.saved}
          </span>
        </p>
      </form>
      {inForce && hasRule(rules) && <RunNow onDone={() => setRuns(runs + 1)} />}
    </Section>
  );
}

interface RuleFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly unit: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function RuleField({ label, hint, unit, value, onChange }: RuleFieldProps) {
  const wrong = numberOf(value) === undefined;
  const fault = wrong ? { stage: null, code: 'number-expected', message: told.invalid, hint: '' } : null;
  return (
    <Field label={label} hint={hint} saving={{ ...IDLE, fault }}>
      {(control) => (
        <div className="field-row">
          <input
            {...control}
            className="input input-number"
            type="text"
            inputMode="numeric"
            autoComplete="off"
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
          <span className="field-unit">{unit}</span>
        </div>
      )}
    </Field>
  );
}

/** Saved all together, by the button below. */
const IDLE = { state: 'idle', save: async () => false, refuse: () => undefined } as const;

/** Asked again a moment after the last change. */
const PAUSE_MS = 250;

function Preview({ rules }: { rules: RetentionRules | null }) {
  const { bridge } = useServices();
  const [found, setFound] = useState<RetentionReport | FaultView | null>(null);
  const key = rules && hasRule(rules) ? JSON.stringify(rules) : null;
  useEffect(() => {
    setFound(null);
    if (key === null) return;
    let superseded = false;
    const timer = setTimeout(() => {
      bridge
        .invoke('retention.preview', JSON.parse(key) as RetentionRules)
        .catch(faultOf)
        .then((answer) => superseded || setFound(answer));
    }, PAUSE_MS);
    return () => {
      superseded = true;
      clearTimeout(timer);
    };
  }, [bridge, key]);
  if (key === null) return null;
  return (
    <p className="log-preview" role="status">
      {!found && told.previewing}
      {found && 'sound' in found && `${told.preview} ${report(found)}`}
      {found && 'message' in found && `${sentence(found.message)} ${sentence(found.hint)}`}
    </p>
  );
}

function RunNow({ onDone }: { onDone: () => void }) {
  const { bridge } = useServices();
  const running = useSaving();
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState<RetentionReport | null>(null);
  const run = async () => {
    setAsked(false);
    await running.save(async () => setDone(await bridge.invoke('retention.run', {})));
    onDone();
  };
  return (
    <div className="log-run">
      {asked ? (
        <>
          <p className="log-note">{told.ask}</p>
          <p className="log-actions">
            <button type="button" className="button" onClick={() => void run()}>
              {told.confirm}
            </button>
            <button type="button" className="button button-quiet" onClick={() => setAsked(false)}>
              {told.cancel}
            </button>
          </p>
        </>
      ) : (
        <button type="button" className="button" disabled={running.state === 'saving'} onClick={() => setAsked(true)}>
          {running.state === 'saving' ? told.running : told.run}
        </button>
      )}
      <p className="log-note" role="status">
        {running.fault && `${sentence(running.fault.message)} ${sentence(running.fault.hint)}`}
        {done && !running.fault && `${told.done} ${report(done)}`}
      </p>
    </div>
  );
}

function hasRule(rules: RetentionRules | null): rules is RetentionRules {
  return rules !== null && Object.values(rules).some((rule) => rule !== null);
}

/** @returns null as long as something in it is no number */
function parse(draft: Record<Rule, string>): RetentionRules | null {
  const [soundDays, allDays, capMegabytes] = [
    numberOf(draft.soundDays),
    numberOf(draft.allDays),
    numberOf(draft.capMegabytes),
  ];
  if (soundDays === undefined || allDays === undefined || capMegabytes === undefined) return null;
  return { soundDays, allDays, capMegabytes };
}

function numberOf(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^[1-9]\d{0,7}$/.test(trimmed) ? Number(trimmed) : undefined;
}
