/**
 * What presses of the key mean to a guest, the same as at home: hold and let go to speak; a lone tap says nothing; tap
 * and press again within half a second to keep the microphone open until the next press.
 */

/** A press shorter than this is a tap, and as long is the wait for another. */
export const TAP_MS = 500;

/** `tapped` waits for a second press with the microphone open; `locking` is that press, still down. */
export type KeyState = 'up' | 'held' | 'tapped' | 'locking' | 'locked';
export type KeyInput =
  | { readonly type: 'press' }
  | { readonly type: 'release'; readonly heldMs: number }
  | { readonly type: 'tap-over' }
  /** The finger can't be seen any more. */
  | { readonly type: 'lost' }
  | { readonly type: 'escape' };

/** What becomes of the take. */
export type KeyEffect = 'begin' | 'end' | 'cancel' | null;

export function nextKey(state: KeyState, input: KeyInput): readonly [KeyState, KeyEffect] {
  if (state === 'up') return input.type === 'press' ? ['held', 'begin'] : ['up', null];
  switch (input.type) {
    case 'press':
      if (state === 'tapped') return ['locking', null];
      return state === 'locked' ? ['up', 'end'] : [state, null];
    case 'release':
      if (state === 'held') return input.heldMs < TAP_MS ? ['tapped', null] : ['up', 'end'];
      return [state === 'locking' ? 'locked' : state, null];
    case 'tap-over':
      return state === 'tapped' ? ['up', 'cancel'] : [state, null];
    case 'lost':
      return ['up', state === 'tapped' ? 'cancel' : 'end'];
    case 'escape':
      return ['up', 'cancel'];
  }
}
