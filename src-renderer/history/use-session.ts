/** One session of the log; turns that go on in it are shown as they go on. */
import { useCallback, useEffect, useState } from 'react';
import type {
  FaultView,
  LoggedFaultView,
  ServerRecordingView,
  SessionView,
  TurnView,
} from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { withTurn } from '../known-turns.ts';
import { useServices, useWindow } from '../services.ts';
import { useLatest } from '../ui/latest.ts';

interface Found {
  readonly session: SessionView;
  readonly faults: readonly LoggedFaultView[];
  readonly serverRecordings: readonly ServerRecordingView[];
  readonly turns: readonly TurnView[];
}

const NO_TURNS: readonly TurnView[] = [];
const NO_FAULTS: readonly LoggedFaultView[] = [];
const NO_RECORDINGS: readonly ServerRecordingView[] = [];

export interface OpenedSession {
  /** null until the first answer. */
  readonly session: SessionView | null;
  readonly faults: readonly LoggedFaultView[];
  readonly serverRecordings: readonly ServerRecordingView[];
  readonly turns: readonly TurnView[];
  readonly fault: FaultView | null;
  read(): void;
}

export function useSession(sessionId: string): OpenedSession {
  const { bridge } = useServices();
  const connected = useWindow((state) => state.connected);
  const [found, setFound] = useState<Found | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);
  const ask = useLatest();

  const read = useCallback(() => {
    const isLatest = ask();
    bridge
      .invoke('sessions.get', { sessionId })
      .then((session) => {
        if (!isLatest()) return;
        setFound(session);
        setFault(null);
      })
      .catch((thrown) => isLatest() && setFault(faultOf(thrown)));
  }, [ask, bridge, sessionId]);

  useEffect(() => {
    if (connected) read();
  }, [connected, read]);
  useEffect(
    () =>
      bridge.on('turn.changed', (turn) => {
        if (turn.sessionId === sessionId)
          setFound((known) => known && { ...known, turns: withTurn(known.turns, turn) });
      }),
    [bridge, sessionId],
  );
  return {
    session: found?.session ?? null,
    faults: found?.faults ?? NO_FAULTS,
    serverRecordings: found?.serverRecordings ?? NO_RECORDINGS,
    turns: found?.turns ?? NO_TURNS,
    fault,
    read,
  };
}
