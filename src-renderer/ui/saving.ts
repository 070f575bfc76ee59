/** One field's way to the core: saved at once, confirmed where the change was made, or refused there with the reason. */
import { useCallback, useEffect, useState } from 'react';
import type { FaultView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';

const CONFIRM_MS = 2_000;

export interface Saving {
  readonly state: 'idle' | 'saving' | 'saved' | 'refused';
  readonly fault: FaultView | null;
  save(change: () => Promise<unknown>): Promise<boolean>;
  refuse(fault: FaultView): void;
}

export function useSaving(): Saving {
  const [state, setState] = useState<Saving['state']>('idle');
  const [fault, setFault] = useState<FaultView | null>(null);

  useEffect(() => {
    if (state !== 'saved') return;
    const timer = setTimeout(() => setState('idle'), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const refuse = useCallback((reason: FaultView) => {
    setFault(reason);
    setState('refused');
  }, []);

  const save = useCallback(
    async (change: () => Promise<unknown>) => {
      setState('saving');
      setFault(null);
      try {
        await change();
        setState('saved');
        return true;
      } catch (thrown) {
        refuse(faultOf(thrown));
        return false;
      }
    },
    [refuse],
  );

  return { state, fault, save, refuse };
}
