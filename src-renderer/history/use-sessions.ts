/** The sessions read so far, and more of them on demand; those that somebody talks in meanwhile come on top. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FaultView, SessionView, TurnView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { useServices, useWindow } from '../services.ts';
import { withNewest, withTitle } from './sessions.ts';

const PAGE = 200;

export interface Sessions {
  /** null until the first answer. */
  readonly sessions: readonly SessionView[] | null;
  readonly fault: FaultView | null;
  readMore(): void;
  /** Reads on to the oldest. @param onPage is told what comes */
  readAll(onPage: (sessions: readonly SessionView[]) => void): Promise<void>;
  /** They were deleted. */
  forget(sessionIds: ReadonlySet<string>): void;
  /** Something of it was erased, perhaps the words it is called by. */
  readAgain(sessionId: string): void;
}

export function useSessions(): Sessions {
  const { bridge } = useServices();
  const connected = useWindow((state) => state.connected);
  const [sessions, setSessions] = useState<readonly SessionView[] | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);
  /** Where the next page begins; undefined when there is none. */
  const next = useRef<number | null | undefined>(undefined);

  const underWay = useRef<Promise<readonly SessionView[]> | null>(null);

  /** @returns the next page; an empty one is the last */
  const readPage = useCallback(async (): Promise<readonly SessionView[]> => {
    const before = next.current;
    if (before === undefined) return [];
    try {
      const page = await bridge.invoke('sessions.list', { before, limit: PAGE });
      setSessions((known) => (before === null ? page : [...(known ?? []), ...page]));
      setFault(null);
      next.current = page.length === PAGE ? page.at(-1)?.startedAt : undefined;
      return page;
    } catch (thrown) {
      setFault(faultOf(thrown));
      return [];
    }
  }, [bridge]);
  const readMore = useCallback(() => {
    underWay.current ??= readPage().finally(() => {
      underWay.current = null;
    });
    return underWay.current;
  }, [readPage]);
  const readAll = useCallback(
    async (onPage: (sessions: readonly SessionView[]) => void) => {
      for (let page = await readMore(); page.length > 0; page = await readMore()) onPage(page);
    },
    [readMore],
  );

  useEffect(() => {
    if (!connected) return;
    next.current = null;
    void readMore();
  }, [connected, readMore]);

  useEffect(() => {
    let latest = '';
    const onTurn = (turn: TurnView) => {
      setSessions((known) => known && withTitle(known, turn));
      if (turn.id === latest) return;
      latest = turn.id;
      // A turn is in the log before it is announced; one that is kept nowhere is not in the answer.
      bridge
        .invoke('sessions.list', { before: null, limit: PAGE })
        .then((newest) => setSessions((known) => known && withNewest(known, newest)))
        .catch((thrown) => setFault(faultOf(thrown)));
    };
    return bridge.on('turn.changed', onTurn);
  }, [bridge]);

  const forget = useCallback(
    (gone: ReadonlySet<string>) => setSessions((known) => known?.filter(({ id }) => !gone.has(id)) ?? null),
    [],
  );
  const readAgain = useCallback(
    (sessionId: string) => {
      bridge
        .invoke('sessions.get', { sessionId })
        .then(({ session }) =>
          setSessions((known) => known?.map((one) => (one.id === sessionId ? session : one)) ?? null),
        )
        .catch((thrown) => setFault(faultOf(thrown)));
    },
    [bridge],
  );
  return { sessions, fault, forget, readAgain, readAll, readMore: useCallback(() => void readMore(), [readMore]) };
}
