/**
 * Heights of rows that are only known once they are in the page, and guessed until then. Where a guess above what is seen
 * turns out wrong, the list is scrolled by the difference, so that nothing seems to move.
 */
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

interface Row {
  readonly id: string;
}

export interface MeasuredHeights {
  /** Of all rows, in their order. */
  readonly heights: readonly number[];
  /** For the `ref` of the element of a row, which has its id in `data-turn`. */
  readonly observe: (element: HTMLElement) => () => void;
}

/** @param guess stays the same function */
export function useMeasuredHeights<T extends Row>(
  viewport: RefObject<HTMLElement | null>,
  rows: readonly T[],
  guess: (row: T) => number,
): MeasuredHeights {
  const [measured, setMeasured] = useState<ReadonlyMap<string, number>>(new Map());
  const heights = useMemo(() => rows.map((row) => measured.get(row.id) ?? guess(row)), [rows, measured, guess]);
  const known = useRef(new Map<string, number>());
  known.current = useMemo(() => new Map(rows.map(({ id }, index) => [id, heights[index] ?? 0])), [rows, heights]);

  const observer = useMemo(
    () =>
      new ResizeObserver((entries) => {
        const news = new Map<string, number>();
        const top = viewport.current?.getBoundingClientRect().top ?? 0;
        let above = 0;
        for (const { borderBoxSize, target } of entries) {
          const id = (target as HTMLElement).dataset.turn ?? '';
          const height = borderBoxSize[0]?.blockSize ?? 0;
          const wrong = height - (known.current.get(id) ?? height);
          if (height === 0 || Math.abs(wrong) < 0.5) continue;
          news.set(id, height);
          if (target.getBoundingClientRect().bottom - wrong <= top) above += wrong;
        }
        if (news.size === 0) return;
        flushSync(() => setMeasured((before) => new Map([...before, ...news])));
        if (viewport.current) viewport.current.scrollTop += above;
      }),
    [viewport],
  );
  useEffect(() => () => observer.disconnect(), [observer]);
  const observe = useCallback(
    (element: HTMLElement) => {
      observer.observe(element);
      return () => observer.unobserve(element);
    },
    [observer],
  );
  return { heights, observe };
}
