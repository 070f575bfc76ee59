/** Answers may come in another order than they were asked for: only that of whoever asked last counts. */
import { useCallback, useRef } from 'react';

/** @returns call it when something is asked for; what it gives tells whether nothing was asked for since */
export function useLatest(): () => () => boolean {
  const asked = useRef(0);
  return useCallback(() => {
    asked.current += 1;
    const mine = asked.current;
    return () => mine === asked.current;
  }, []);
}
