/** What is heard and what is seen: play, loop, zoom. */
import { useEffect, useRef } from 'react';
import { formatTick } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { words } from '../i18n/words.ts';
import { PauseIcon, PlayIcon } from '../ui/icons.tsx';
import { Select } from '../ui/select.tsx';
import { zoom } from './keys.ts';
import { useLab, useLabState } from './lab.ts';
import type { Hearing } from './lab-state.ts';
import { stopListening } from './listening.ts';
import { Readout } from './readout.tsx';
import { wholeAxis } from './time-axis.ts';

const { transport: told } = labWords;
const HEARINGS: readonly Hearing[] = ['all', 'kept', 'cut'];

export function TransportBar() {
  const lab = useLab();
  const { stage, store, transport } = lab;
  const playing = useLabState((state) => state.playing);
  const looping = useLabState((state) => state.looping);
  const hearing = useLabState((state) => state.hearing);
  const spectrogram = useLabState((state) => state.spectrogram);
  const listening = useLabState((state) => state.listening);
  const selection = useLabState((state) => state.selection);
  return (
    <div className="transport" role="toolbar" aria-label={told.name}>
      {listening && (
        <button type="button" className="button transport-live" onClick={() => void stopListening(lab)}>
          <span className="header-live" role="img" aria-label={words.nav.live} />
          {labWords.open.stopMicrophone}
        </button>
      )}
      <button
        type="button"
        className="transport-play"
        disabled={listening}
        aria-label={playing ? told.pause : told.play}
        onClick={() => transport.toggle()}
      >
        {playing ? <PauseIcon /> : <PlayIcon />}
      </button>
      <Clock />
      <button
        type="button"
        className="transport-button"
        aria-pressed={looping}
        onClick={() => {
          store.setState({ looping: !looping });
          transport.goOn();
        }}
      >
        {told.loop}
      </button>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is its child */}
      <label className="transport-hear">
        <span>{told.hear}</span>
        <Select
          values={HEARINGS}
          names={told.hearing}
          value={hearing}
          onChoose={(next) => {
            store.setState({ hearing: next });
            transport.goOn();
          }}
        />
      </label>
      <span className="transport-selection evidence">
        {selection && (
          <>
            <span className="visually-hidden">{told.selected}</span>{' '}
            {told.selection(selection.startMs, selection.endMs)}
          </>
        )}
      </span>
      <Readout />
      <button
        type="button"
        className="transport-button"
        aria-pressed={spectrogram}
        onClick={() => store.setState({ spectrogram: !spectrogram })}
      >
        {told.spectrogram}
      </button>
      <span className="transport-zoom">
        <button type="button" className="transport-button" aria-label={told.zoomOut} onClick={() => zoom(lab, 1 / 2)}>
          −
        </button>
        <button type="button" className="transport-button" aria-label={told.zoomIn} onClick={() => zoom(lab, 2)}>
          +
        </button>
        <button type="button" className="transport-button" onClick={() => stage.move(wholeAxis(stage.extent))}>
          {told.fit}
        </button>
      </span>
    </div>
  );
}

/** Written outside React: it changes with every frame. */
function Clock() {
  const { stage, transport } = useLab();
  const clock = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      stage.onFrame(() => {
        const text = formatTick(transport.positionMs, 10);
        if (clock.current && clock.current.textContent !== text) clock.current.textContent = text;
      }),
    [stage, transport],
  );
  return <span ref={clock} className="transport-clock evidence" aria-hidden="true" />;
}
