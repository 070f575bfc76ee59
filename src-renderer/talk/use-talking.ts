/** What a screen with a script does: the turns of the conversation, sending them again, and typing. */
import { useCallback, useMemo } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sendAgain } from '../rooms/send-again.ts';
import { useServices, useWindow } from '../services.ts';

export interface Talking {
  readonly turns: readonly TurnView[];
  readonly retry: (turnId: string) => void;
  /** @throws when the core refuses it, which has been shown by then */
  readonly send: (text: string) => Promise<void>;
}

export function useTalking(): Talking {
  const services = useServices();
  const { bridge, playback, store } = services;
  const all = useWindow((state) => state.turns);
  const sessionId = useWindow((state) => state.conversation.sessionId);
  const turns = useMemo(() => all.filter((turn) => turn.sessionId === sessionId), [all, sessionId]);

  const retry = useCallback(
    (turnId: string) => {
      sendAgain(services, turnId).catch((thrown) => store.setState({ fault: faultOf(thrown) }));
    },
    [services, store],
  );
  const send = useCallback(
    async (text: string) => {
      playback.stop();
      void playback.wake();
      try {
        await bridge.invoke('talk.sendText', { text });
      } catch (thrown) {
        store.setState({ fault: faultOf(thrown) });
        throw thrown;
      }
    },
    [bridge, playback, store],
  );
  return { turns, retry, send };
}
