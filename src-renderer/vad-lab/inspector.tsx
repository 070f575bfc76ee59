/** Beside the timeline, one panel at a time. */
import './inspector.css';
import { type KeyboardEvent, useId } from 'react';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLab, useLabState } from './lab.ts';
import type { Panel } from './lab-state.ts';
import { LabelsPanel } from './labels-panel.tsx';
import { PlacesPanel } from './places-panel.tsx';
import { ScoresPanel } from './scores-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { TunePanel } from './tune-panel.tsx';

const PANELS: Record<Panel, () => React.JSX.Element> = {
  settings: SettingsPanel,
  labels: LabelsPanel,
  scores: ScoresPanel,
  tune: TunePanel,
  places: PlacesPanel,
};

export function Inspector() {
  const { store } = useLab();
  const panel = useLabState((state) => state.panel);
  const id = useId();
  const names = Object.keys(PANELS) as Panel[];
  const Current = PANELS[panel];
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = names[(names.indexOf(panel) + step + names.length) % names.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    event.stopPropagation();
    store.setState({ panel: next });
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <aside className="lab-inspector" aria-label={labWords.panels.name}>
      <div className="lab-tabs" role="tablist" aria-label={labWords.panels.name} onKeyDown={onKeyDown}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            id={`${id}-${name}`}
            className="lab-tab"
            role="tab"
            tabIndex={name === panel ? 0 : -1}
            aria-selected={name === panel}
            aria-controls={`${id}-panel`}
            onClick={() => store.setState({ panel: name })}
          >
            {labWords.panels[name]}
          </button>
        ))}
      </div>
      <div className="lab-panel" id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${panel}`}>
        <Current />
      </div>
    </aside>
  );
}
