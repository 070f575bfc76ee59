/** The one wide key: it is what you press, and it is the state. */
import './talk-key.css';
import { useEffect, useRef } from 'react';
import { keyName } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { isLive, keyFace, keyMode } from './key-face.ts';
import { Stopwatch } from './stopwatch.tsx';
import { drawWaveform } from './waveform.ts';

export function TalkKey() {
  const { capture, playback, talk } = useServices();
  const mode = useWindow(keyMode);
  const key = keyName(useWindow((state) => state.app?.settings.talk.key ?? 'Space'));
  const confirmDiscardMs = useWindow((state) => state.confirmDiscardMs);
  const canvas = useRef<HTMLCanvasElement>(null);

  const face = keyFace(mode, key, confirmDiscardMs);
  const live = isLive(mode);
  const sound = live ? capture.levels : mode === 'speaking' ? playback.levels : null;
  useEffect(() => {
    if (canvas.current && sound) return drawWaveform(canvas.current, sound);
  }, [sound]);

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
        talk.press(event.pointerId, event.timeStamp);
      }}
      onClick={(event) => {
        // Not from a pointer: Enter, or a screen reader.
        if (event.detail === 0) talk.toggle(event.timeStamp);
      }}
      onContextMenu={(event) => event.preventDefault()}
    >
      <span className="visually-hidden">{words.key.name} </span>
      <span className="talk-key-cap">
        <kbd className="key-cap">{key}</kbd>
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
