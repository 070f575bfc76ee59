/** The foot of the timeline: what the settings keep of this recording, in figures. */
import { labWords } from '../i18n/vad-lab-words.ts';
import { differences } from './differences.ts';
import { useLabState } from './lab.ts';
import { chosenDraft, ownSegments } from './lab-state.ts';
import { totalMs } from './spans.ts';

export function Summary() {
  const text = useLabState((state) => {
    const segments = ownSegments(state);
    if (!state.media) return '';
    const labelled = (chosenDraft(state)?.labels.length ?? 0) > 0;
    const { falsely, missed } = differences(state, segments);
    const share = totalMs(segments) / Math.max(1, state.media.durationMs);
    return labWords.summary(
      segments.length,
      share,
      labelled ? totalMs(missed) : null,
      labelled ? totalMs(falsely) : null,
    );
  });
  const labelled = useLabState((state) => (chosenDraft(state)?.labels.length ?? 0) > 0);
  return (
    <p className="summary">
      <span className="summary-figures evidence">{text}</span>
      {labelled && (
        <span className="summary-legend">
          <i className="summary-missed" /> {labWords.legend.missed} <i className="summary-false" />{' '}
          {labWords.legend.falsely}
        </span>
      )}
    </p>
  );
}
