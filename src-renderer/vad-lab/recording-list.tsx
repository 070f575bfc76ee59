/** The recordings that are open, in their own order or the lowest scores first. */
import { useRef } from 'react';
import type { VadRecordingView, VadScore } from '../../src-preload/vad-lab-contract.ts';
import { formatClock } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { moveFocus, PaneRow, useOneTabStop } from '../ui/panes.tsx';
import { Failures } from './failures.tsx';
import { useLab, useLabState } from './lab.ts';
import { isUnsaved, type LabelDraft } from './label-editing.ts';

const { list } = labWords;

export function RecordingList({ onOther }: { onOther: () => void }) {
  const lab = useLab();
  const source = useLabState((state) => state.source);
  const chosenId = useLabState((state) => state.chosenId);
  const drafts = useLabState((state) => state.drafts);
  const listening = useLabState((state) => state.listening);
  const score = useLabState((state) => state.score);
  const worstFirst = useLabState((state) => state.worstFirst);
  const nav = useRef<HTMLElement>(null);
  useOneTabStop(nav);
  if (!source) return null;
  const f1 = new Map(score?.files.map(({ recordingId, scores }) => [recordingId, scores.f1]));
  const facts = (id: string, durationMs: number) =>
    [
      listening ? list.live : formatClock(durationMs),
      ...labelFacts(drafts.get(id)),
      ...(f1.has(id) ? [list.f1(f1.get(id) ?? 0)] : []),
    ].join(' · ');
  return (
    <nav ref={nav} className="lab-list" aria-label={list.name} onKeyDown={moveFocus}>
      <div className="lab-list-head">
        <h3 className="panes-heading">{list.count(source.recordings.length)}</h3>
        <button type="button" className="button button-quiet" onClick={onOther}>
          {labWords.open.other}
        </button>
      </div>
      {score && score.files.length > 1 && (
        <button
          type="button"
          className="transport-button lab-list-order"
          aria-pressed={worstFirst}
          onClick={() => lab.store.setState({ worstFirst: !worstFirst })}
        >
          {list.worstFirst}
        </button>
      )}
      <ul>
        {(worstFirst && score ? byScore(source.recordings, score) : source.recordings).map(
          ({ durationMs, id, name }) => (
            <li key={id}>
              <PaneRow
                title={name}
                facts={facts(id, durationMs)}
                chosen={id === chosenId}
                onChoose={() => void lab.choose(id)}
              />
            </li>
          ),
        )}
      </ul>
      <Failures />
    </nav>
  );
}

/** Those without a score are last. */
function byScore(recordings: readonly VadRecordingView[], { files }: VadScore): readonly VadRecordingView[] {
  const rank = new Map(files.map(({ recordingId }, index) => [recordingId, index]));
  const rankOf = ({ id }: VadRecordingView) => rank.get(id) ?? files.length;
  return recordings.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function labelFacts(draft: LabelDraft | undefined): string[] {
  if (!draft) return [];
  return [
    ...(draft.labels.length > 0 ? [list.labels(draft.labels.length)] : []),
    ...(isUnsaved(draft) ? [list.unsaved] : []),
  ];
}
