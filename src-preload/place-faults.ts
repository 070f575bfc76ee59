/** Where in a session, as it is read, stands what went wrong and ended no turn. */
import type { LoggedFaultView, TurnView } from './contract.ts';

/** @returns by the turn with which they stand: the one in flight, else the last before, else the first */
export function placeFaults(
  faults: readonly LoggedFaultView[],
  turns: readonly Pick<TurnView, 'id' | 'startedAt'>[],
): Map<string | undefined, LoggedFaultView[]> {
  return Map.groupBy(
    faults,
    ({ at, turnId }) => turnId ?? (turns.findLast(({ startedAt }) => startedAt <= at) ?? turns[0])?.id,
  );
}
