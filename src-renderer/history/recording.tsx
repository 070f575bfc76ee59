/** Plays one recording of a turn. The sound is fetched when it is first played. */
import './recording.css';
import { useRef, useState } from 'react';
import { recordingPath, type Track } from '../../src-preload/recording-path.ts';
import { formatClock } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { PauseIcon, PlayIcon } from '../ui/icons.tsx';

interface RecordingProps {
  readonly turnId: string;
  readonly track: Track;
  readonly durationMs: number;
}

export function Recording({ turnId, track, durationMs }: RecordingProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [positionMs, setPositionMs] = useState(0);
  const [broken, setBroken] = useState(false);
  const what = track === 'user' ? words.history.userRecording : words.history.agentRecording;

  const toggle = () => {
    if (playing) audio.current?.pause();
    else audio.current?.play().catch(() => setBroken(true));
  };
  const seek = (ms: number) => {
    if (audio.current) audio.current.currentTime = ms / 1000;
    setPositionMs(ms);
  };

  return (
    <div className="recording">
      {/* biome-ignore lint/a11y/useMediaCaption: its words stand above it */}
      <audio
        ref={audio}
        src={recordingPath(turnId, track)}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => seek(0)}
        onTimeUpdate={(event) => setPositionMs(event.currentTarget.currentTime * 1000)}
        onError={() => setBroken(true)}
      />
      <button
        type="button"
        className="recording-button"
        aria-label={`${playing ? words.history.pause : words.history.play} ${what}`}
        onClick={toggle}
      >
        {playing ? <PauseIcon /> : <PlayIcon />}
      </button>
      <input
        className="recording-position"
        type="range"
        aria-label={`${words.history.position}, ${what}`}
        min={0}
        max={durationMs}
        step={100}
        value={Math.min(positionMs, durationMs)}
        onChange={(event) => seek(event.target.valueAsNumber)}
      />
      <span className="recording-time evidence">
        {formatClock(positionMs)} / {formatClock(durationMs)}
      </span>
      {broken && (
        <span className="recording-error" role="status">
          {words.history.playFailed}
        </span>
      )}
    </div>
  );
}
