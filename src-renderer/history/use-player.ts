/** One player for a whole conversation: any recording of it can be chosen, and the next one follows when it ends. */
import { type RefObject, useCallback, useMemo, useRef, useState } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import { recordingPath, type Track } from '../../src-preload/recording-path.ts';

export interface Piece {
  readonly turnId: string;
  readonly track: Track;
  readonly durationMs: number;
  /** Where a reply stopped being heard; null when it was heard to its end. */
  readonly heardMs: number | null;
}

export interface Player {
  readonly audio: RefObject<HTMLAudioElement | null>;
  readonly current: Piece | null;
  readonly playing: boolean;
  readonly broken: boolean;
  /** Plays the piece, or pauses it. */
  toggle(turnId: string, track: Track): void;
  /** For the audio element. */
  readonly events: {
    onPlay(): void;
    onPause(): void;
    onEnded(): void;
    onError(): void;
  };
}

/** As near to the end as playback stops by itself, in milliseconds. */
const NEAR_END = 150;

export function usePlayer(turns: readonly TurnView[]): Player {
  const audio = useRef<HTMLAudioElement>(null);
  const [current, setCurrent] = useState<Piece | null>(null);
  const [playing, setPlaying] = useState(false);
  const [broken, setBroken] = useState(false);
  const pieces = useMemo(() => turns.flatMap(piecesOf), [turns]);

  const play = useCallback((piece: Piece) => {
    const element = audio.current;
    if (!element) return;
    element.src = recordingPath(piece.turnId, piece.track);
    setCurrent(piece);
    setBroken(false);
    begin(element);
  }, []);

  const toggle = useCallback(
    (turnId: string, track: Track) => {
      const element = audio.current;
      const piece = pieces.find((one) => one.turnId === turnId && one.track === track);
      if (!element || !piece) return;
      if (current?.turnId !== turnId || current.track !== track) play(piece);
      else if (element.paused) begin(element);
      else element.pause();
    },
    [current, pieces, play],
  );

  const onEnded = () => {
    const index = pieces.findIndex(({ track, turnId }) => turnId === current?.turnId && track === current.track);
    const next = pieces[index + 1];
    setPlaying(false);
    if (next) play(next);
  };

  return {
    audio,
    current,
    playing,
    broken,
    toggle,
    events: {
      onPlay: () => setPlaying(true),
      onPause: () => setPlaying(false),
      onEnded,
      onError: () => setBroken(true),
    },
  };
}

/** What can't be played says so by its error event; here also a play that was paused before it began is rejected. */
function begin(element: HTMLAudioElement): void {
  element.play().catch(() => undefined);
}

function piecesOf({ id: turnId, reply, user }: TurnView): Piece[] {
  const heardMs = reply.heardMs < reply.audioMs - NEAR_END ? reply.heardMs : null;
  return [
    ...(user.audioMs > 0 ? [{ turnId, track: 'user' as const, durationMs: user.audioMs, heardMs: null }] : []),
    ...(reply.audioMs > 0 ? [{ turnId, track: 'agent' as const, durationMs: reply.audioMs, heardMs }] : []),
  ];
}
