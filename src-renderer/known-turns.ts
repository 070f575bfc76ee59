/** The turns that a window knows, in the order in which they began. */
import type { TurnView } from '../src-preload/contract.ts';

/** Known turns stay where they are, others come last. */
export function withTurn(turns: readonly TurnView[], turn: TurnView): readonly TurnView[] {
  const index = turns.findIndex(({ id }) => id === turn.id);
  return index === -1 ? [...turns, turn] : turns.with(index, turn);
}

/** What was asked for may be older than what was told meanwhile: a turn that has ended goes on no more. */
export function withEnded(asked: readonly TurnView[], told: readonly TurnView[]): readonly TurnView[] {
  return asked.map((turn) => told.find(({ id, outcome }) => id === turn.id && outcome !== null) ?? turn);
}
