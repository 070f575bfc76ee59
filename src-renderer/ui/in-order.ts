/** Changes to one thing, one after the other: each begins with what the one before it has left. */
import { useCallback, useRef } from 'react';

export function useInOrder(): <T>(change: () => Promise<T>) => Promise<T> {
  const last = useRef<Promise<unknown>>(Promise.resolve());
  return useCallback((change) => {
    const next = last.current.then(change, change);
    last.current = next;
    return next;
  }, []);
}
