/** The recording on one axis: times, labels, sound, spectrum, what the model hears, and what settings make of it. */
import './timeline.css';
import { useRef } from 'react';
import { negativeThresholdOf } from '../../src-preload/vad-parameters.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { differences } from './differences.ts';
import { paintLabels, paintLane } from './drawing/lanes.ts';
import { paintProbability } from './drawing/probability.ts';
import { paintRuler } from './drawing/ruler.ts';
import type { Paint } from './drawing/stage.ts';
import { paintWaveform } from './drawing/waveform.ts';
import { useLab, useLabState } from './lab.ts';
import { chosenDraft, type Lane, ownSegments } from './lab-state.ts';
import { Overlay } from './overlay.tsx';
import { Overview } from './overview.tsx';
import { Row } from './row.tsx';
import { SpectrogramRow } from './spectrogram-row.tsx';
import { ThresholdLines } from './threshold-lines.tsx';
import { usePointer } from './use-pointer.ts';

const { rows } = labWords;

export function Timeline() {
  const lab = useLab();
  const { stage, store } = lab;
  const media = useLabState((state) => state.media);
  const lanes = useLabState((state) => state.lanes);
  const spectrogram = useLabState((state) => state.spectrogram);
  const labelCount = useLabState((state) => chosenDraft(state)?.labels.length ?? 0);
  const presets = useLabState((state) => state.presets);
  const area = useRef<HTMLDivElement>(null);
  usePointer(area, lab);

  const paintSound: Paint = (canvas) => {
    const state = store.getState();
    if (state.media) {
      paintWaveform(canvas, { ...state.media, kept: ownSegments(state), arrived: () => stage.invalidate() });
    }
  };
  const paintSpeech: Paint = (canvas) => {
    const state = store.getState();
    if (!state.media) return;
    paintProbability(canvas, {
      probabilities: state.media.probabilities,
      threshold: state.parameters.threshold,
      negativeThreshold: negativeThresholdOf(state.parameters),
      kept: ownSegments(state),
    });
  };
  const paintDrawn: Paint = (canvas) => {
    const draft = chosenDraft(store.getState());
    if (draft) paintLabels(canvas, draft.labels, draft.chosen);
  };
  const nameOf = ({ presetId }: Lane) =>
    presets.find(({ id }) => id === presetId)?.preset.name ?? (presetId === null ? rows.own : presetId);

  return (
    <div className="timeline" data-loading={media === null}>
      <div ref={area} className="timeline-rows">
        <Row kind="ruler" paint={paintRuler} />
        <Row kind="labels" name={rows.labels} description={rows.labelsDrawn(labelCount)} paint={paintDrawn} />
        <Row kind="sound" name={rows.waveform} description={rows.waveform} paint={paintSound} />
        {spectrogram && <SpectrogramRow />}
        <Row kind="speech" name={rows.probability} description={rows.probability} paint={paintSpeech}>
          <ThresholdLines />
        </Row>
        {lanes.map((lane) => (
          <LaneRow
            key={lane.presetId ?? ''}
            presetId={lane.presetId}
            name={nameOf(lane)}
            count={lane.segments.length}
          />
        ))}
        <Overlay />
      </div>
      <Overview />
    </div>
  );
}

function LaneRow({ count, name, presetId }: { presetId: string | null; name: string; count: number }) {
  const { store } = useLab();
  const paint: Paint = (canvas) => {
    const state = store.getState();
    const lane = state.lanes.find((one) => one.presetId === presetId);
    if (lane) paintLane(canvas, { ...lane, ...differences(state, lane.segments), main: presetId === null });
  };
  return (
    <Row kind={presetId === null ? 'own' : 'lane'} name={name} description={rows.describe(name, count)} paint={paint} />
  );
}
