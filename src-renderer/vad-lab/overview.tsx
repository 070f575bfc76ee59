/** The whole recording at the foot, with a frame around what is in sight; by keyboard it moves the playhead. */
import { useEffect, useRef, useState } from 'react';
import { labWords } from '../i18n/vad-lab-words.ts';
import { paintOverview } from './drawing/waveform.ts';
import { useLab, useLabState } from './lab.ts';
import { ownSegments } from './lab-state.ts';
import { Row } from './row.tsx';
import { spanAt } from './spans.ts';
import { centredOn, revealing } from './time-axis.ts';

const WINDOW_MS = 32;

export function Overview() {
  const { stage, store, transport } = useLab();
  const media = useLabState((state) => state.media);
  const frame = useRef<HTMLDivElement>(null);
  const [positionMs, setPositionMs] = useState(0);

  useEffect(
    () =>
      stage.onFrame(() => {
        const { axis, extent } = stage;
        // Spoken values change in steps that can be heard.
        setPositionMs(Math.round(transport.positionMs / 10) * 10);
        if (!frame.current || extent.durationMs === 0) return;
        const share = extent.width / extent.durationMs;
        frame.current.style.transform = `translateX(${axis.startMs * share}px)`;
        frame.current.style.width = `${Math.max(4, extent.width * axis.msPerPixel * share)}px`;
      }),
    [stage, transport],
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

  const durationMs = media?.durationMs ?? 0;
  const speech = spanAt(ownSegments(store.getState()), positionMs) !== null;
  const probability = media?.probabilities[Math.floor(positionMs / WINDOW_MS)] ?? 0;
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
          className="overview-position"
          type="range"
          aria-label={labWords.transport.position}
          aria-valuetext={labWords.transport.at(positionMs, durationMs, speech, probability)}
          min={0}
          max={durationMs}
          step={10}
          value={Math.min(positionMs, durationMs)}
          onChange={(event) => moveTo(event.target.valueAsNumber)}
        />
      </Row>
    </div>
  );
}
