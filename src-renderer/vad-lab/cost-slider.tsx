/** What the detection cost is made of: the more a miss costs, the less what is too much does. */
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLab, useLabState } from './lab.ts';
import { ParameterSlider } from './parameter-slider.tsx';

export function CostSlider() {
  const { store } = useLab();
  const { falseAlarm, miss } = useLabState((state) => state.cost);
  return (
    <ParameterSlider
      label={labWords.scores.cost}
      value={miss}
      text={labWords.scores.costShares(miss, falseAlarm)}
      min={0}
      max={1}
      step={0.05}
      onChange={(share) => store.setState({ cost: { miss: share, falseAlarm: Math.round(100 * (1 - share)) / 100 } })}
    />
  );
}
