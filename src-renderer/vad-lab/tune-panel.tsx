/** Tuning: what for, how honestly, how far it is, and what was found. */
import './tune-panel.css';
import { useId, useState } from 'react';
import type { VadGoal } from '../../src-preload/vad-lab-contract.ts';
import { sentence } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLab, useLabState } from './lab.ts';
import { cancelTuning, type Tuning, type TuningWish, tune } from './tuning.ts';
import { TuningResult } from './tuning-result.tsx';

const { tune: told } = labWords;

type Objective = keyof typeof told.objectives;
type Target = keyof typeof told.targets;

const OBJECTIVES = Object.keys(told.objectives) as Objective[];
const TARGETS = Object.keys(told.targets) as Target[];
const HOLDOUTS: readonly TuningWish['holdout'][] = [{ folds: 5 }, { folds: 10 }, { share: 0.3 }];
const METHODS = ['exhaustive', 'random'] as const;
const WANTED: Record<Target, number> = { 'segments-per-minute': 12, 'speech-share': 40 };

export function TunePanel() {
  const lab = useLab();
  const tuning = useLabState((state) => state.tuning);
  const labelled = useLabState(({ drafts }) => [...drafts.values()].some(({ labels }) => labels.length > 0));
  const running = tuning?.state === 'running' ? tuning : null;
  return (
    <>
      <p className="lab-note">{labelled ? told.about : told.unlabelled}</p>
      <Wish key={String(labelled)} labelled={labelled} running={running} onStart={(wish) => void tune(lab, wish)} />
      <div role="status">
        {running && <Progress tuning={running} />}
        {tuning?.state === 'cancelled' && <p className="lab-note">{told.cancelled}</p>}
        {tuning?.fault && (
          <p className="lab-error">
            {sentence(tuning.fault.message)} {sentence(tuning.fault.hint)}
          </p>
        )}
      </div>
      {tuning?.result && <TuningResult tuning={tuning.result} />}
    </>
  );
}

interface WishProps {
  readonly labelled: boolean;
  readonly running: Tuning | null;
  readonly onStart: (wish: TuningWish) => void;
}

function Wish({ labelled, onStart, running }: WishProps) {
  const lab = useLab();
  const names: readonly (Objective | Target)[] = labelled ? OBJECTIVES : TARGETS;
  const [name, setName] = useState<Objective | Target>(names[0] ?? 'f1');
  const [wanted, setWanted] = useState<number>(isTarget(name) ? WANTED[name] : 0);
  const [holdout, setHoldout] = useState(0);
  const [method, setMethod] = useState<(typeof METHODS)[number]>('exhaustive');
  const start = () => onStart({ goal: goalOf(name, wanted), holdout: HOLDOUTS[holdout] ?? { folds: 5 }, method });
  return (
    <form
      className="tune-wish"
      onSubmit={(event) => {
        event.preventDefault();
        if (!running) start();
      }}
    >
      <Choice
        label={told.objective}
        values={names}
        value={name}
        textOf={(value) => (isTarget(value) ? told.targets[value] : told.objectives[value])}
        onChoose={(value) => {
          setName(value);
          if (isTarget(value)) setWanted(WANTED[value]);
        }}
      />
      {isTarget(name) && (
        <label className="lab-field">
          <span>{told.wanted}</span>
          <input
            className="input input-number"
            type="number"
            min={0.1}
            step={0.1}
            value={wanted}
            onChange={(event) => setWanted(event.target.valueAsNumber)}
          />
        </label>
      )}
      {labelled && (
        <Choice
          label={told.holdout}
          values={[...HOLDOUTS.keys()]}
          value={holdout}
          textOf={(index) => holdoutText(HOLDOUTS[index])}
          onChoose={setHoldout}
        />
      )}
      <Choice
        label={told.method}
        values={METHODS}
        value={method}
        textOf={(value) => told.methods[value]}
        onChoose={setMethod}
      />
      {running ? (
        <button type="button" className="button" onClick={() => cancelTuning(lab, running.id)}>
          {told.cancel}
        </button>
      ) : (
        <button type="submit" className="button button-strong">
          {told.start}
        </button>
      )}
    </form>
  );
}

interface ChoiceProps<T> {
  readonly label: string;
  readonly values: readonly T[];
  readonly value: T;
  readonly textOf: (value: T) => string;
  readonly onChoose: (value: T) => void;
}

function Choice<T>({ label, onChoose, textOf, value, values }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="lab-field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={values.indexOf(value)}
        onChange={(event) => {
          const chosen = values[event.target.selectedIndex];
          if (chosen !== undefined) onChoose(chosen);
        }}
      >
        {values.map((one, index) => (
          <option key={textOf(one)} value={index}>
            {textOf(one)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Progress({ tuning: { evaluated, of } }: { tuning: Tuning }) {
  return (
    <div className="tune-progress">
      <progress
        className="open-source-progress"
        aria-label={told.start}
        value={of === null ? undefined : evaluated}
        max={of ?? 1}
      />
      <p className="evidence">{told.progress(evaluated, of)}</p>
    </div>
  );
}

function isTarget(name: Objective | Target): name is Target {
  return name in told.targets;
}

function goalOf(name: Objective | Target, wanted: number): VadGoal {
  if (!isTarget(name)) return { mix: { [name]: 1 } };
  return { target: name, wanted: name === 'speech-share' ? wanted / 100 : wanted };
}

function holdoutText(holdout: TuningWish['holdout'] | undefined): string {
  if (!holdout) return '';
  return 'folds' in holdout ? told.folds(holdout.folds) : told.share(holdout.share);
}
