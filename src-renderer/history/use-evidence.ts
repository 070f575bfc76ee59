/** What the log has behind a turn, read again whenever the turn has come further, and when something was erased of it. */
import { useEffect, useState } from 'react';
import type { CommandInput, CommandOutput, FaultView, TurnView } from '../../src-preload/contract.ts';
import type { inspectionCommands } from '../../src-preload/inspection.ts';
import { faultOf } from '../bridge/command-error.ts';
import { useServices } from '../services.ts';

type Command = keyof typeof inspectionCommands;

export interface Evidence<C extends Command> {
  /** null until it is known. */
  readonly found: CommandOutput<C> | null;
  readonly fault: FaultView | null;
}

/** @param turn null for none */
export function useEvidence<C extends Command>(command: C, turn: TurnView | null): Evidence<C> {
  const { bridge } = useServices();
  const [evidence, setEvidence] = useState<Evidence<C>>({ found: null, fault: null });
  const turnId = turn?.id ?? null;
  const state = turn && stateOf(turn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state is the reason to read again
  useEffect(() => {
    if (turnId === null) return;
    let left = false;
    bridge
      .invoke(command, { turnId } as CommandInput<C>)
      .then((found) => left || setEvidence({ found, fault: null }))
      .catch((thrown) => left || setEvidence({ found: null, fault: faultOf(thrown) }));
    return () => {
      left = true;
    };
  }, [bridge, command, turnId, state]);
  return evidence.found && evidence.found.turnId !== turnId ? { found: null, fault: null } : evidence;
}

/** Words come by the dozen a second; what is behind them, far less often. */
function stateOf({ outcome, phase, redactions, steps, usage }: TurnView): string {
  return [phase, outcome, steps.length, usage.length, redactions.length].join(' ');
}
