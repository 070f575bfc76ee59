/** Says which label is chosen and where it is, as it is moved by keyboard. */
import { useLab, useLabState } from './lab.ts';
import { chosenDraft } from './lab-state.ts';
import { describeChosen } from './label-actions.ts';

export function Announcer() {
  const lab = useLab();
  // Whenever the draft changes.
  useLabState(chosenDraft);
  return (
    <p className="visually-hidden" role="status">
      {describeChosen(lab)}
    </p>
  );
}
