/** Tuning: what for, how honestly, how far it is, and what was found. */
import './tune-panel.css';
import { useState } from 'react';
import type { VadGoal } from '../../src-preload/vad-lab-contract.ts';
import { sentence } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { Choice } from './choice.tsx';
import { FIRST_TARGET, GoalFields } from './goal-fields.tsx';
import { useLab, useLabState } from './lab.ts';
import type { Tuning } from './lab-state.ts';
import { cancelTuning, type TuningWish, tune } from './tuning.ts';
import { TuningResult } from './tuning-result.tsx';

const { tune: told } = labWords;

const HOLDOUTS = {
  five: { folds: 5 },
  ten: { folds: 10 },
  third: { share: 0.3 },
} as const satisfies Record<string, TuningWish['holdout']>;
type Holdout = keyof typeof HOLDOUTS;
const HOLDOUT_NAMES: Record<Holdout, string> = {
  five: told.folds(HOLDOUTS.five.folds),
  ten: told.folds(HOLDOUTS.ten.folds),
  third: told.share(HOLDOUTS.third.share),
};
const METHODS = ['exhaustive', 'random'] as const;

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
  const [goal, setGoal] = useState<VadGoal>(labelled ? { mix: { f1: 1 } } : FIRST_TARGET);
  const [holdout, setHoldout] = useState<Holdout>('five');
  const [method, setMethod] = useState<TuningWish['method']>('exhaustive');
  const [smoothing, setSmoothing] = useState(false);
  const [maxLength, setMaxLength] = useState(false);
  return (
    <form
      className="tune-wish"
      onSubmit={(event) => {
        event.preventDefault();
        if (!running) onStart({ goal, holdout: HOLDOUTS[holdout], method, smoothing, maxLength });
      }}
    >
      <GoalFields labelled={labelled} goal={goal} onChoose={setGoal} />
      {labelled && (
        <Choice
          label={told.holdout}
          values={Object.keys(HOLDOUTS) as Holdout[]}
          names={HOLDOUT_NAMES}
          value={holdout}
          onChoose={setHoldout}
        />
      )}
      <Choice label={told.method} values={METHODS} names={told.methods} value={method} onChoose={setMethod} />
      <Check label={told.smoothing} checked={smoothing} onChange={setSmoothing} />
      <Check label={told.maxLength} checked={maxLength} onChange={setMaxLength} />
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

function Check({ checked, label, onChange }: { checked: boolean; label: string; onChange: (on: boolean) => void }) {
  return (
    <label className="preset-check">
      <input
        type="checkbox"
        className="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
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
