import { expect, test } from 'vitest';
import { type KeyInput, type KeyState, nextKey } from '../../../src-renderer/guest/key-grammar.ts';

function after(...inputs: KeyInput[]): readonly [KeyState, string[]] {
  let state: KeyState = 'up';
  const effects: string[] = [];
  for (const input of inputs) {
    const [next, effect] = nextKey(state, input);
    state = next;
    if (effect) effects.push(effect);
  }
  return [state, effects];
}
const press = { type: 'press' } as const;
const release = (heldMs: number) => ({ type: 'release', heldMs }) as const;

test('hold and let go', () => {
  expect(after(press, release(800))).toEqual(['up', ['begin', 'end']]);
});

test('a lone tap says nothing', () => {
  expect(after(press, release(80), { type: 'tap-over' })).toEqual(['up', ['begin', 'cancel']]);
});

test('two taps keep it open until the next press', () => {
  expect(after(press, release(80), press, release(80))).toEqual(['locked', ['begin']]);
  expect(after(press, release(80), press, release(80), press, release(80))).toEqual(['up', ['begin', 'end']]);
});

test('a finger that is lost ends it, Esc takes it back', () => {
  expect(after(press, { type: 'lost' })).toEqual(['up', ['begin', 'end']]);
  expect(after(press, release(80), { type: 'lost' })).toEqual(['up', ['begin', 'cancel']]);
  expect(after(press, { type: 'escape' })).toEqual(['up', ['begin', 'cancel']]);
  expect(after({ type: 'lost' }, { type: 'escape' }, release(9))).toEqual(['up', []]);
});
