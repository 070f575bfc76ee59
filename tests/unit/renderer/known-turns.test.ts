import { expect, test } from 'vitest';
import type { TurnView } from '../../../src-preload/contract.ts';
import { withTurn } from '../../../src-renderer/known-turns.ts';

const turn = (id: string, outcome: TurnView['outcome'] = null) => ({ id, outcome }) as TurnView;

test('a turn that changes stays where it is, and a new one comes last', () => {
  expect(withTurn([turn('a'), turn('b')], turn('a', 'failed'))).toEqual([turn('a', 'failed'), turn('b')]);
  expect(withTurn([turn('a')], turn('b'))).toEqual([turn('a'), turn('b')]);
});
