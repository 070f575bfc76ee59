/** Labels by hand: the chosen one in figures, everything that can be done to it, and the way to its file. */
import { useEffect, useState } from 'react';
import { formatTick } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { KeyTable } from './key-table.tsx';
import { useLab, useLabState } from './lab.ts';
import { chosenDraft, ownSegments } from './lab-state.ts';
import { addLabel, goToLabel } from './label-actions.ts';
import { isUnsaved, type Label, type LabelDraft, type LabelEdge } from './label-editing.ts';
import { LabelFiles } from './label-files.tsx';

const { labels: told } = labWords;

export function LabelsPanel() {
  const draft = useLabState(chosenDraft);
  const recordingId = useLabState((state) => state.chosenId);
  if (!draft || recordingId === null) return <p className="lab-note">{labWords.rows.loading}</p>;
  return <Labels draft={draft} recordingId={recordingId} />;
}

function Labels({ draft, recordingId }: { draft: LabelDraft; recordingId: string }) {
  const lab = useLab();
  const { chosen, future, labels, past } = draft;
  const label = chosen === null ? undefined : labels[chosen];
  return (
    <>
      <div className="lab-actions" role="toolbar" aria-label={told.name}>
        <Action onClick={() => goToLabel(lab, -1)} disabled={labels.length === 0}>
          {told.previous}
        </Action>
        <Action onClick={() => goToLabel(lab, 1)} disabled={labels.length === 0}>
          {told.next}
        </Action>
        <Action onClick={() => addLabel(lab)}>{told.add}</Action>
        <Action onClick={() => lab.edit({ type: 'split', ms: lab.transport.positionMs })} disabled={!label}>
          {told.split}
        </Action>
        <Action onClick={() => lab.edit({ type: 'merge' })} disabled={chosen === null || !labels[chosen + 1]}>
          {told.merge}
        </Action>
        <Action onClick={() => lab.edit({ type: 'remove' })} disabled={!label}>
          {told.remove}
        </Action>
        <Action onClick={() => lab.edit({ type: 'undo' })} disabled={past.length === 0}>
          {told.undo}
        </Action>
        <Action onClick={() => lab.edit({ type: 'redo' })} disabled={future.length === 0}>
          {told.redo}
        </Action>
      </div>
      {label && chosen !== null ? (
        <ChosenLabel key={chosen} label={label} index={chosen} of={labels.length} />
      ) : (
        <p className="lab-note">{labels.length === 0 ? told.empty : told.none}</p>
      )}
      {labels.length === 0 && <FromSegments />}
      <LabelFiles recordingId={recordingId} unsaved={isUnsaved(draft)} />
      <KeyTable title={told.keys} rows={told.keyRows} />
    </>
  );
}

function Action({ children, disabled, onClick }: { children: string; disabled?: boolean; onClick: () => void }) {
  return (
    <button type="button" className="button" disabled={disabled} onClick={onClick}>
      {children}
    </button>
  );
}

function ChosenLabel({ index, label, of }: { label: Label; index: number; of: number }) {
  const lab = useLab();
  const [text, setText] = useState(label.text);
  useEffect(() => setText(label.text), [label.text]);
  const move = (edge: LabelEdge, ms: number) =>
    lab.edit({ type: 'move', index, edge, ms, gesture: `field-${index}-${edge}` });
  return (
    <section className="chosen-label" aria-label={told.chosen(index + 1, of)}>
      <p className="lab-heading">{told.chosen(index + 1, of)}</p>
      <label className="lab-field">
        <span>{told.text}</span>
        <input
          className="input"
          type="text"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => lab.edit({ type: 'rename', text })}
          onKeyDown={(event) => event.key === 'Enter' && lab.edit({ type: 'rename', text })}
        />
      </label>
      <TimeField name={told.start} ms={label.startMs} onChange={(ms) => move('start', ms)} />
      <TimeField name={told.end} ms={label.endMs} onChange={(ms) => move('end', ms)} />
    </section>
  );
}

function TimeField({ ms, name, onChange }: { name: string; ms: number; onChange: (ms: number) => void }) {
  return (
    <label className="lab-field">
      <span>{name}</span>
      <span className="field-row">
        <input
          className="input input-number"
          type="number"
          step={0.01}
          min={0}
          value={(ms / 1000).toFixed(3)}
          onChange={(event) => {
            const seconds = event.target.valueAsNumber;
            if (!Number.isNaN(seconds)) onChange(seconds * 1000);
          }}
        />
        <span className="field-unit">{told.seconds}</span>
        <span className="evidence lab-clock">{formatTick(ms, 1)}</span>
      </span>
    </label>
  );
}

function FromSegments() {
  const lab = useLab();
  const segments = useLabState(ownSegments);
  if (segments.length === 0) return null;
  return (
    <button
      type="button"
      className="button lab-wide"
      onClick={() =>
        lab.edit({
          type: 'replace',
          labels: segments.map(({ endMs, startMs }) => ({ startMs, endMs, text: 'speech' })),
        })
      }
    >
      {told.fromSegments}
    </button>
  );
}
