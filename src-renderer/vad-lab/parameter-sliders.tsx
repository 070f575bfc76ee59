/** Everything that can be set of voice detection. */
import { negativeThresholdOf } from '../../src-preload/vad-parameters.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLab, useLabState } from './lab.ts';
import { ParameterSlider } from './parameter-slider.tsx';

const { settings: told } = labWords;

const TIMES = [
  { name: 'minSpeechMs', max: 1_000 },
  { name: 'minSilenceMs', max: 3_000 },
  { name: 'padBeforeMs', max: 1_000 },
  { name: 'padAfterMs', max: 1_000 },
] as const;
const LONGEST_MS = 60_000;

export function ParameterSliders() {
  const lab = useLab();
  const parameters = useLabState((state) => state.parameters);
  const { maxSpeechMs, negativeThreshold, smoothing, threshold } = parameters;
  const negative = negativeThresholdOf(parameters);
  return (
    <div className="parameters">
      <ParameterSlider
        label={told.parameters.threshold}
        value={threshold}
        text={told.probability(threshold)}
        min={0.01}
        max={0.99}
        step={0.01}
        onChange={(value) => lab.set({ threshold: value })}
      />
      <ParameterSlider
        label={told.parameters.negativeThreshold}
        value={negative}
        text={negativeThreshold === null ? told.automaticValue(negative) : told.probability(negative)}
        min={0.01}
        max={0.99}
        step={0.01}
        onChange={(value) => lab.set({ negativeThreshold: value })}
      >
        {negativeThreshold !== null && (
          <button type="button" className="link parameter-auto" onClick={() => lab.set({ negativeThreshold: null })}>
            {told.automatic}
          </button>
        )}
      </ParameterSlider>
      {TIMES.map(({ max, name }) => (
        <ParameterSlider
          key={name}
          label={told.parameters[name]}
          value={parameters[name]}
          text={told.ms(parameters[name])}
          min={0}
          max={max}
          step={10}
          onChange={(value) => lab.set({ [name]: value })}
        />
      ))}
      <ParameterSlider
        label={told.parameters.maxSpeechMs}
        value={maxSpeechMs ?? LONGEST_MS}
        text={maxSpeechMs === null ? told.noLimit : told.ms(maxSpeechMs)}
        min={500}
        max={LONGEST_MS}
        step={500}
        onChange={(value) => lab.set({ maxSpeechMs: value < LONGEST_MS ? value : null })}
      />
      <ParameterSlider
        label={told.parameters.smoothing}
        value={smoothing}
        text={told.probability(smoothing)}
        min={0}
        max={0.95}
        step={0.05}
        onChange={(value) => lab.set({ smoothing: value })}
      />
    </div>
  );
}
