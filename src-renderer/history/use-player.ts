/** One player for a whole conversation: any recording of it can be chosen, and the next one follows when it ends. */
import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import { recordingPath, type Track } from '../../src-preload/recording-path.ts';
import { soundKept } from '../talk/turn-redactions.tsx';

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
  /** Plays what there is of a turn, or pauses it. */
  toggleTurn(turnId: string): void;
  /** Plays the piece from there on. */
  playFrom(turnId: string, track: Track, ms: number): void;
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
  /** So that what is handed out stays the same while turns go on. */
  const latest = useRef({ pieces, current });
  useLayoutEffect(() => {
    latest.current = { pieces, current };
  });

  const play = useCallback((piece: Piece, fromMs = 0) => {
    const element = audio.current;
    if (!element) return;
    element.src = recordingPath(piece.turnId, piece.track);
    // Also before anything of it has been read.
    element.currentTime = fromMs / 1000;
    setCurrent(piece);
    setBroken(false);
    begin(element);
  }, []);

  const toggle = useCallback(
    (turnId: string, track: Track) => {
      const element = audio.current;
      const piece = find(latest.current.pieces, turnId, track);
      if (!element || !piece) return;
      if (!isSame(latest.current.current, piece)) play(piece);
      else if (element.paused) begin(element);
      else element.pause();
    },
    [play],
  );

  const toggleTurn = useCallback(
    (turnId: string) => {
      const { current: now, pieces: all } = latest.current;
      const piece = now?.turnId === turnId ? now : all.find((one) => one.turnId === turnId);
      if (piece) toggle(piece.turnId, piece.track);
    },
    [toggle],
  );

  const playFrom = useCallback(
    (turnId: string, track: Track, ms: number) => {
      const element = audio.current;
      const piece = find(latest.current.pieces, turnId, track);
      if (!element || !piece) return;
      if (!isSame(latest.current.current, piece)) return play(piece, ms);
      element.currentTime = ms / 1000;
      if (element.paused) begin(element);
    },
    [play],
  );

  const onEnded = () => {
    const next = pieces[pieces.findIndex((piece) => isSame(current, piece)) + 1];
    setPlaying(false);
    if (next) play(next);
  };

  return {
    audio,
    current,
    playing,
    broken,
    toggle,
    toggleTurn,
    playFrom,
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

function find(pieces: readonly Piece[], turnId: string, track: Track): Piece | undefined {
  return pieces.find((piece) => piece.turnId === turnId && piece.track === track);
}

function isSame(one: Piece | null, other: Piece): boolean {
  return one?.turnId === other.turnId && one.track === other.track;
}

function piecesOf(turn: TurnView): Piece[] {
  const { id: turnId, reply, user } = turn;
  if (!soundKept(turn)) return [];
  const heardMs = reply.heardMs < reply.audioMs - NEAR_END ? reply.heardMs : null;
  return [
    ...(user.audioMs > 0 ? [{ turnId, track: 'user' as const, durationMs: user.audioMs, heardMs: null }] : []),
    ...(reply.audioMs > 0 ? [{ turnId, track: 'agent' as const, durationMs: reply.audioMs, heardMs }] : []),
  ];
}
