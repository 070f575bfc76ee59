import { expect, test } from 'vitest';
import type { TurnView } from '../../../src-preload/contract.ts';
import { withEnded, withTurn } from '../../../src-renderer/known-turns.ts';

const turn = (id: string, outcome: TurnView['outcome'] = null) => ({ id, outcome }) as TurnView;

test('a turn that has ended is not shown as going on by an answer that is older', () => {
  const told = [turn('a', 'failed'), turn('b'), turn('gone', 'completed')];
  expect(withEnded([turn('a'), turn('b', 'completed'), turn('c')], told)).toEqual([
    turn('a', 'failed'),
    turn('b', 'completed'),
    turn('c'),
  ]);
});

test('a turn that changes stays where it is, and a new one comes last', () => {
  expect(withTurn([turn('a'), turn('b')], turn('a', 'failed'))).toEqual([turn('a', 'failed'), turn('b')]);
  expect(withTurn([turn('a')], turn('b'))).toEqual([turn('a'), turn('b')]);
});
