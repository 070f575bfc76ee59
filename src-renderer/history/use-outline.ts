/** The outline of a recording, once it has been read. */
import { useEffect, useState } from 'react';
import type { Track } from '../../src-preload/recording-path.ts';
import { outlineOf } from './peaks.ts';

const NOTHING: readonly number[] = [];

/** @param turnId null for none. @returns nothing until it is known, or where it can't be read */
export function useOutline(turnId: string | null, track: Track): readonly number[] {
  const [outline, setOutline] = useState(NOTHING);
  useEffect(() => {
    let left = false;
    setOutline(NOTHING);
    if (turnId === null) return;
    // Without an outline it still plays.
    outlineOf(turnId, track)
      .then((peaks) => left || setOutline(peaks))
      .catch(() => undefined);
    return () => {
      left = true;
    };
  }, [turnId, track]);
  return outline;
}
