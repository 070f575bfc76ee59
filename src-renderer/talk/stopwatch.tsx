/** Time since it appeared, written outside React. */
import { useEffect, useRef } from 'react';
import { formatClock, formatFigure } from '../i18n/format.ts';

interface StopwatchProps {
  /** Tenths of a second for waiting, minutes for recording. */
  readonly precise: boolean;
}

export function Stopwatch({ precise }: StopwatchProps) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const start = performance.now();
    const write = () => {
      const ms = performance.now() - start;
      if (element.current) element.current.textContent = precise ? `${formatFigure(ms / 1000, 1)} s` : formatClock(ms);
    };
    write();
    const timer = setInterval(write, 100);
    return () => clearInterval(timer);
  }, [precise]);
  return <span ref={element} className="stopwatch" aria-hidden="true" />;
}
