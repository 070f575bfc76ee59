/** Which rows of a long list are in sight. Rows have known heights, so that a hundred thousand cost no more than twenty. */
import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from 'react';
import { rowAt, topsOf } from './rows.ts';

/** How far beyond what is seen rows are kept ready, in pixels. */
const AHEAD = 600;

export interface Windowing {
  /** Index of the first row to show, and one after the last. */
  readonly first: number;
  readonly end: number;
  /** Pixels above the first row, and of all rows together. */
  readonly before: number;
  readonly total: number;
  onScroll(): void;
  /** Scrolls as little as brings the row into sight. */
  reveal(index: number): void;
}

export function useWindowing(viewport: RefObject<HTMLElement | null>, heights: readonly number[]): Windowing {
  const tops = useMemo(() => topsOf(heights), [heights]);
  const [range, setRange] = useState({ first: 0, end: 0 });

  const measure = useCallback(() => {
    const element = viewport.current;
    if (!element) return;
    const first = rowAt(tops, element.scrollTop - AHEAD);
    const end = Math.min(heights.length, rowAt(tops, element.scrollTop + element.clientHeight + AHEAD) + 1);
    setRange((known) => (known.first === first && known.end === end ? known : { first, end }));
  }, [viewport, tops, heights]);

  useLayoutEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (viewport.current) observer.observe(viewport.current);
    return () => observer.disconnect();
  }, [viewport, measure]);

  const reveal = useCallback(
    (index: number) => {
      const element = viewport.current;
      if (!element) return;
      const [top, bottom] = [tops[index] ?? 0, tops[index + 1] ?? 0];
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
    },
    [viewport, tops],
  );

  const end = Math.min(range.end, heights.length);
  const first = Math.min(range.first, end);
  return { first, end, before: tops[first] ?? 0, total: tops.at(-1) ?? 0, onScroll: measure, reveal };
}
