/** What tuning is for: one objective, a mix of several by weight, or, without labels, a target. */
import { useState } from 'react';
import type { VadGoal } from '../../src-preload/vad-lab-contract.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { Choice } from './choice.tsx';
import { CostSlider } from './cost-slider.tsx';
import { ParameterSlider } from './parameter-slider.tsx';

const { tune: told } = labWords;

type TargetGoal = Extract<VadGoal, { target: unknown }>;
type Mix = Extract<VadGoal, { mix: unknown }>['mix'];
type Objective = keyof typeof told.objectives;
type Target = keyof typeof told.targets;

const OBJECTIVES = Object.keys(told.objectives) as Objective[];
const CHOICES: readonly (Objective | 'mix')[] = [...OBJECTIVES, 'mix'];
const CHOICE_NAMES = { ...told.objectives, mix: told.mix };
const TARGETS = Object.keys(told.targets) as Target[];
const WANTED: Record<Target, number> = { 'segments-per-minute': 12, 'speech-share': 0.4 };
const MOST_WEIGHT = 5;
const EVEN: Mix = { f1: 1, 'fast-end': 1 };

export const FIRST_TARGET: TargetGoal = { target: 'segments-per-minute', wanted: WANTED['segments-per-minute'] };

interface GoalFieldsProps {
  readonly labelled: boolean;
  readonly goal: VadGoal;
  readonly onChoose: (goal: VadGoal) => void;
}

export function GoalFields({ goal, labelled, onChoose }: GoalFieldsProps) {
  return 'target' in goal || !labelled ? (
    <TargetFields goal={'target' in goal ? goal : FIRST_TARGET} onChoose={onChoose} />
  ) : (
    <MixFields mix={goal.mix} onChoose={(mix) => onChoose({ mix })} />
  );
}

function MixFields({ mix, onChoose }: { mix: Mix; onChoose: (mix: Mix) => void }) {
  const [mixing, setMixing] = useState(false);
  const total = OBJECTIVES.reduce((sum, name) => sum + (mix[name] ?? 0), 0);
  const weigh = (name: Objective, weight: number) => {
    const { [name]: _, ...others } = mix;
    const next = weight > 0 ? { ...others, [name]: weight } : others;
    // Something must be sought.
    if (Object.keys(next).length > 0) onChoose(next);
  };
  return (
    <>
      <Choice<Objective | 'mix'>
        label={told.objective}
        values={CHOICES}
        names={CHOICE_NAMES}
        value={mixing ? 'mix' : (OBJECTIVES.find((name) => name in mix) ?? 'f1')}
        onChoose={(value) => {
          setMixing(value === 'mix');
          onChoose(value === 'mix' ? EVEN : { [value]: 1 });
        }}
      />
      {mixing && (
        <div className="goal-weights">
          {OBJECTIVES.map((name) => (
            <ParameterSlider
              key={name}
              label={told.objectives[name]}
              value={mix[name] ?? 0}
              text={told.weight(mix[name] ?? 0, (mix[name] ?? 0) / total)}
              min={0}
              max={MOST_WEIGHT}
              step={0.5}
              onChange={(weight) => weigh(name, weight)}
            />
          ))}
        </div>
      )}
      {'cost' in mix && <CostSlider />}
    </>
  );
}

function TargetFields({ goal, onChoose }: { goal: TargetGoal; onChoose: (goal: VadGoal) => void }) {
  // A share is written in percent.
  const scale = goal.target === 'speech-share' ? 100 : 1;
  return (
    <>
      <Choice
        label={told.objective}
        values={TARGETS}
        names={told.targets}
        value={goal.target}
        onChoose={(target) => onChoose({ target, wanted: WANTED[target] })}
      />
      <NumberField
        label={told.wanted}
        value={goal.wanted * scale}
        step={0.1}
        onChange={(value) => {
          if (value > 0) onChoose({ ...goal, wanted: value / scale });
        }}
      />
    </>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, onChange, step, value }: NumberFieldProps) {
  return (
    <label className="lab-field goal-weight">
      <span>{label}</span>
      <input
        className="input input-number"
        type="number"
        min={0}
        step={step}
        defaultValue={value}
        onChange={(event) => {
          if (!Number.isNaN(event.target.valueAsNumber)) onChange(event.target.valueAsNumber);
        }}
      />
    </label>
  );
}
