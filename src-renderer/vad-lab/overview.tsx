/** The whole recording at the foot, with a frame around what is in sight; by keyboard it moves the playhead. Moved outside React. */
import { useEffect, useRef } from 'react';
import { labWords } from '../i18n/vad-lab-words.ts';
import { paintOverview } from './drawing/waveform.ts';
import { useLab, useLabState } from './lab.ts';
import { type LabState, ownSegments } from './lab-state.ts';
import { Row } from './row.tsx';
import { spanAt } from './spans.ts';
import { centredOn, revealing } from './time-axis.ts';

const WINDOW_MS = 32;
/** In which spoken values change: they can be heard. */
const STEP_MS = 10;

export function Overview() {
  const { stage, store, transport } = useLab();
  const media = useLabState((state) => state.media);
  const frame = useRef<HTMLDivElement>(null);
  const position = useRef<HTMLInputElement>(null);
  const durationMs = media?.durationMs ?? 0;

  useEffect(
    () =>
      stage.onFrame(() => {
        const { axis, extent } = stage;
        if (position.current) tell(position.current, transport.positionMs, store.getState());
        if (!frame.current || extent.durationMs === 0) return;
        const share = extent.width / extent.durationMs;
        frame.current.style.transform = `translateX(${axis.startMs * share}px)`;
        frame.current.style.width = `${Math.max(4, extent.width * axis.msPerPixel * share)}px`;
      }),
    [stage, store, transport],
  );
  const moveTo = (ms: number) => {
    transport.seek(ms);
    stage.move(revealing(stage.axis, ms, ms, stage.extent));
  };
  const look = (event: React.PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const ms = ((event.clientX - left) / width) * stage.extent.durationMs;
    stage.move(centredOn(stage.axis, ms, stage.extent));
  };

  return (
    <div className="overview">
      <Row
        kind="overview"
        name={labWords.rows.overview}
        paint={(canvas) => {
          const state = store.getState();
          if (!state.media) return;
          const samples = (state.media.durationMs * state.media.sampleRate) / 1000;
          paintOverview(canvas, { ...state.media, kept: ownSegments(state), arrived: () => undefined }, samples);
        }}
      >
        <div ref={frame} className="overview-frame" />
        <div className="overview-reach" onPointerDown={look} onPointerMove={look} />
        <input
          ref={position}
          className="overview-position"
          type="range"
          aria-label={labWords.transport.position}
          min={0}
          max={durationMs}
          step={STEP_MS}
          defaultValue={0}
          onChange={(event) => moveTo(event.target.valueAsNumber)}
        />
      </Row>
    </div>
  );
}

/** What is under the playhead, as the slider says it. */
function tell(slider: HTMLInputElement, playheadMs: number, state: LabState): void {
  const ms = Math.round(playheadMs / STEP_MS) * STEP_MS;
  const speech = spanAt(ownSegments(state), ms) !== null;
  const probability = state.media?.probabilities[Math.floor(ms / WINDOW_MS)] ?? 0;
  slider.value = String(ms);
  slider.ariaValueText = labWords.transport.at(ms, state.media?.durationMs ?? 0, speech, probability);
}
