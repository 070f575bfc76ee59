/** The turns that a window knows, in the order in which they began. */
import type { TurnView } from '../src-preload/contract.ts';

/** Known turns stay where they are, others come last. */
export function withTurn(turns: readonly TurnView[], turn: TurnView): readonly TurnView[] {
  const index = turns.findIndex(({ id }) => id === turn.id);
  return index === -1 ? [...turns, turn] : turns.with(index, turn);
}
