/** The player at the foot of a conversation: the outline of what is played, to be gone through by pointer or keyboard. */
import './player.css';
import { type KeyboardEvent, useEffect, useState } from 'react';
import type { SoundView } from '../../src-preload/inspection.ts';
import { formatClock } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { PauseIcon, PlayIcon } from '../ui/icons.tsx';
import { neighbour } from './spoken.ts';
import { useOutline } from './use-outline.ts';
import type { Piece, Player as PlayerState } from './use-player.ts';
import { Waveform } from './waveform.tsx';

const { player: told } = words.history;

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];

interface PlayerProps {
  readonly player: PlayerState;
  /** Of the turn that is played; null until it is known. */
  readonly sound: SoundView | null;
}

export function Player({ player, sound }: PlayerProps) {
  const { audio, broken, current, events, playing, toggle } = player;
  const [positionMs, setPositionMs] = useState(0);
  const [speed, setSpeed] = useState(1);
  const outline = useOutline(current?.turnId ?? null, current?.track ?? 'user');
  const seek = (ms: number) => {
    if (audio.current) audio.current.currentTime = ms / 1000;
    setPositionMs(ms);
  };
  useEffect(() => {
    if (audio.current) audio.current.defaultPlaybackRate = audio.current.playbackRate = speed;
  }, [audio, speed]);

  /** With Ctrl, the arrows go from word to word. */
  const byWord = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || !(event.ctrlKey || event.metaKey) || !current || !sound) return;
    event.preventDefault();
    const ms = neighbour(sound.words[current.track], positionMs, step);
    if (ms !== null) seek(ms);
  };

  const what = current ? told[current.track] : '';
  const durationMs = current?.durationMs ?? 0;
  return (
    <section className="player" aria-label={told.name} hidden={!current}>
      <audio
        ref={audio}
        preload="none"
        {...events}
        onTimeUpdate={(event) => setPositionMs(event.currentTarget.currentTime * 1000)}
        onEmptied={() => setPositionMs(0)}
      />
      {current && (
        <>
          <button
            type="button"
            className="player-button"
            aria-label={`${playing ? told.pause : told.play}, ${told.name}`}
            onClick={() => toggle(current.turnId, current.track)}
          >
            {playing ? <PauseIcon /> : <PlayIcon />}
          </button>
          <div className="player-wave">
            <input
              className="player-position"
              type="range"
              aria-label={`${told.position}, ${what}`}
              aria-valuetext={told.at(positionMs, durationMs)}
              min={0}
              max={durationMs}
              step={100}
              value={Math.min(positionMs, durationMs)}
              title={told.positionHint}
              onChange={(event) => seek(event.target.valueAsNumber)}
              onKeyDown={byWord}
            />
            <Waveform
              peaks={outline}
              durationMs={Math.max(1, durationMs)}
              vad={current.track === 'user' ? (sound?.vad ?? null) : null}
              played={durationMs > 0 ? positionMs / durationMs : 0}
              heard={current.heardMs === null || durationMs === 0 ? 1 : current.heardMs / durationMs}
            />
          </div>
          <p className="player-time">
            <span className="evidence">
              {formatClock(positionMs)} / {formatClock(durationMs)}
            </span>
            {current.heardMs !== null && <span className="player-note">{told.unheard(current.heardMs)}</span>}
            {broken && (
              <span className="player-error" role="status">
                {told.failed}
              </span>
            )}
          </p>
          <label className="player-speed">
            <span className="visually-hidden">{told.speed}</span>
            <select
              className="input"
              value={speed}
              onChange={(event) => setSpeed(SPEEDS[event.target.selectedIndex] ?? 1)}
            >
              {SPEEDS.map((value) => (
                <option key={value} value={value}>
                  {value}×
                </option>
              ))}
            </select>
          </label>
        </>
      )}
    </section>
  );
}

/** In the script, beside the words: begins or pauses a recording in the player. */
export function PlayButton({
  piece,
  player,
}: {
  piece: Pick<Piece, 'turnId' | 'track' | 'durationMs'>;
  player: Pick<PlayerState, 'current' | 'playing' | 'toggle'>;
}) {
  const { current, playing, toggle } = player;
  const mine = playing && current?.turnId === piece.turnId && current.track === piece.track;
  return (
    <button type="button" className="play-button" onClick={() => toggle(piece.turnId, piece.track)}>
      {mine ? <PauseIcon /> : <PlayIcon />}
      <span className="visually-hidden">
        {mine ? told.pause : told.play} {told[piece.track]}
      </span>
      <span className="evidence">{formatClock(piece.durationMs)}</span>
    </button>
  );
}
