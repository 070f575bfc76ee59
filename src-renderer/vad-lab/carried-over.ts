/** The same recordings in a new source: what was drawn on them, and which one was chosen, stays. */
import type { VadRecordingView, VadSourceView } from '../../src-preload/vad-lab-contract.ts';
import { beginDraft, type LabelDraft } from './label-editing.ts';

interface Open {
  readonly source: VadSourceView | null;
  readonly chosenId: string | null;
  /** By recording. */
  readonly drafts: ReadonlyMap<string, LabelDraft>;
}

export function carriedOver({ chosenId, drafts, source: before }: Open, source: VadSourceView): Open {
  const idBefore = ({ audioSha256, name }: VadRecordingView) =>
    before?.recordings.find((one) => one.audioSha256 === audioSha256 && one.name === name)?.id;
  const draftOf = (recording: VadRecordingView) =>
    drafts.get(idBefore(recording) ?? '') ?? beginDraft(recording.labels ?? [], recording.durationMs);
  return {
    source,
    drafts: new Map(source.recordings.map((recording) => [recording.id, draftOf(recording)])),
    chosenId: source.recordings.find((recording) => idBefore(recording) === chosenId)?.id ?? null,
  };
}
