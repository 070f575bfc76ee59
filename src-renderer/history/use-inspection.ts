/** The evidence of a turn, read again whenever the turn has come further, and when something was erased of it. */
import { useEffect, useState } from 'react';
import type { FaultView, TurnView } from '../../src-preload/contract.ts';
import type { InspectionView } from '../../src-preload/inspection.ts';
import { faultOf } from '../bridge/command-error.ts';
import { useServices } from '../services.ts';

export interface Inspected {
  /** null until it is known. */
  readonly inspection: InspectionView | null;
  readonly fault: FaultView | null;
}

/** @param turn null for none */
export function useInspection(turn: TurnView | null): Inspected {
  const { bridge } = useServices();
  const [inspected, setInspected] = useState<Inspected>({ inspection: null, fault: null });
  const turnId = turn?.id ?? null;
  const state = turn && stateOf(turn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state is the reason to read again
  useEffect(() => {
    if (turnId === null) return;
    let left = false;
    bridge
      .invoke('turns.inspect', { turnId })
      .then((inspection) => left || setInspected({ inspection, fault: null }))
      .catch((thrown) => left || setInspected({ inspection: null, fault: faultOf(thrown) }));
    return () => {
      left = true;
    };
  }, [bridge, turnId, state]);
  return inspected.inspection && inspected.inspection.turnId !== turnId ? { inspection: null, fault: null } : inspected;
}

/** Words come by the dozen a second; what is behind them, far less often. */
function stateOf({ outcome, phase, redactions, steps, usage }: TurnView): string {
  return [phase, outcome, steps.length, usage.length, redactions.length].join(' ');
}
