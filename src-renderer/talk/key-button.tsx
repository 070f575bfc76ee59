/** The one wide key: it is what you press, and it is the state. */
import './talk-key.css';
import { useEffect, useRef } from 'react';
import type { Levels } from '../audio/levels.ts';
import { words } from '../i18n/words.ts';
import type { Finger } from './hand.ts';
import { isLive, type KeyFace } from './key-face.ts';
import { Stopwatch } from './stopwatch.tsx';
import { drawWaveform } from './waveform.ts';

interface KeyButtonProps {
  readonly face: KeyFace;
  /** As it stands on the keyboard. */
  readonly keyName: string;
  /** What moves in it; null for nothing. */
  readonly levels: Levels | null;
  readonly onPress: (by: Finger, at: number) => void;
  /** A press by a device that knows no holding. */
  readonly onToggle: (at: number) => void;
}

export function KeyButton({ face, keyName, levels, onPress, onToggle }: KeyButtonProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { mode } = face;
  const live = isLive(mode);
  useEffect(() => {
    if (canvas.current && levels) return drawWaveform(canvas.current, levels);
  }, [levels]);

  return (
    <button
      type="button"
      className="talk-key"
      data-talk-key=""
      data-mode={mode}
      data-live={live ? '' : undefined}
      aria-pressed={live || mode === 'arming'}
      aria-disabled={mode === 'offline'}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        onPress(event.pointerId, event.timeStamp);
      }}
      onClick={(event) => {
        // Not from a pointer: Enter, or a screen reader.
        if (event.detail === 0) onToggle(event.timeStamp);
      }}
      onContextMenu={(event) => event.preventDefault()}
    >
      <span className="visually-hidden">{words.key.name} </span>
      <span className="talk-key-cap">
        <kbd className="key-cap">{keyName}</kbd>
      </span>
      <span>
        <span className="talk-key-label">{face.label}</span>
        {face.hint && <span className="talk-key-hint">{face.hint}</span>}
      </span>
      <canvas ref={canvas} className="talk-key-wave" />
      <span className="talk-key-time">
        {live && <Stopwatch precise={false} />}
        {(mode === 'transcribing' || mode === 'thinking') && <Stopwatch precise />}
      </span>
    </button>
  );
}
