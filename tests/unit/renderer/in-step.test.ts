import { describe, expect, it } from 'vitest';
import { inStep } from '../../../src-renderer/in-step.ts';

/** Notes every state that anybody could see. */
function keeper() {
  const states = [{ take: null as number | null, turns: ['old'] }];
  type State = (typeof states)[number];
  return {
    states,
    setState(change: (state: State) => Partial<State>) {
      const now = states.at(-1) as State;
      states.push({ ...now, ...change(now) });
    },
  };
}

describe('answers and events', () => {
  it('puts what was heard since the question on top of the answer, in one change', async () => {
    const kept = keeper();
    const { hear, read } = inStep(kept);
    const { promise, resolve } = Promise.withResolvers<void>();
    const reading = read(async () => {
      await promise;
      return () => ({ take: null, turns: ['new'] });
    });
    hear(() => ({ take: 7 }));
    hear(({ turns }) => ({ turns: [...turns, 'newest'] }));
    resolve();
    await reading;
    expect(kept.states.at(-1)).toEqual({ take: 7, turns: ['new', 'newest'] });
    expect(kept.states.map(({ take }) => take)).toEqual([null, 7, 7, 7]);
  });

  it('keeps of a question that failed nothing but what was heard', async () => {
    const kept = keeper();
    const { hear, read } = inStep(kept);
    const reading = read(() => Promise.reject(new Error('away')));
    hear(() => ({ take: 7 }));
    await expect(reading).rejects.toThrow('away');
    expect(kept.states.at(-1)).toEqual({ take: 7, turns: ['old'] });
  });
});
