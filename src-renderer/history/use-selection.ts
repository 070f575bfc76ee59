/** What is selected in a list: one by one, or all between two of it. */
import { useCallback, useMemo, useRef, useState } from 'react';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  toggle(id: string): void;
  /** Selects all from the one toggled or reached last to this one. */
  extendTo(id: string, order: readonly string[]): void;
  add(ids: readonly string[]): void;
  remove(ids: readonly string[]): void;
  clear(): void;
}

const NONE: ReadonlySet<string> = new Set();

export function useSelection(): Selection {
  const [ids, setIds] = useState(NONE);
  const last = useRef<string | null>(null);

  const add = useCallback((more: readonly string[]) => setIds((now) => new Set([...now, ...more])), []);
  const remove = useCallback(
    (some: readonly string[]) => setIds((now) => new Set([...now].filter((id) => !some.includes(id)))),
    [],
  );
  const toggle = useCallback((id: string) => {
    last.current = id;
    setIds((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const extendTo = useCallback(
    (id: string, order: readonly string[]) => {
      const [from, to] = [order.indexOf(last.current ?? id), order.indexOf(id)].sort((a, b) => a - b);
      last.current = id;
      add(order.slice(Math.max(0, from ?? 0), (to ?? 0) + 1));
    },
    [add],
  );
  const clear = useCallback(() => setIds(NONE), []);
  return useMemo(() => ({ ids, toggle, extendTo, add, remove, clear }), [ids, toggle, extendTo, add, remove, clear]);
}
