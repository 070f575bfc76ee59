/** Begins a conversation with an agent and shows it. */
import { useCallback } from 'react';
import { faultOf } from '../bridge/command-error.ts';
import { useServices } from '../services.ts';

export function useTalkTo(): (agentId: string) => void {
  const { bridge, playback, store } = useServices();
  return useCallback(
    (agentId) => {
      playback.stop();
      void playback.wake();
      bridge
        .invoke('agents.select', { agentId })
        .then(() => store.setState({ screen: 'talk', fault: null }))
        .catch((thrown) => store.setState({ fault: faultOf(thrown) }));
    },
    [bridge, playback, store],
  );
}
