/** What is odd about what was opened, this recording and its labels; it is used all the same. */
import { sentence } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLabState } from './lab.ts';
import { chosenRecording } from './lab-state.ts';

export function RecordingNotes() {
  const recording = useLabState(chosenRecording);
  const source = useLabState((state) => state.source);
  const fault = recording?.labelFault;
  const notes = [
    ...(fault ? [`${sentence(fault.message)} ${sentence(fault.hint)}`] : []),
    ...(recording?.warnings ?? []).map(sentence),
    ...(source?.warnings ?? []).map(sentence),
  ];
  return (
    <div>
      {notes.length > 0 && (
        <ul className="lab-notes" aria-label={labWords.list.notes}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
