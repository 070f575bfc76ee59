/** Where in a session's script stands what went wrong in its room. */
import type { RoomFaultView, TurnView } from '../../src-preload/contract.ts';

/** @returns by the turn with which they stand: the one in flight, else the last before, else the first */
export function placeRoomFaults(
  faults: readonly RoomFaultView[],
  turns: readonly TurnView[],
): Map<string | undefined, RoomFaultView[]> {
  return Map.groupBy(
    faults,
    ({ at, turnId }) => turnId ?? (turns.findLast(({ startedAt }) => startedAt <= at) ?? turns[0])?.id,
  );
}
