/** One search for the best settings, as far as it is. */
import type { CommandInput } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import type { Lab } from './lab.ts';
import type { Tuning } from './lab-state.ts';

export type TuningWish = Omit<CommandInput<'vadLab.tune'>, 'tuningId' | 'sourceId' | 'seed' | 'cost'>;

/** The same wish finds the same settings. */
const SEED = 1;

export async function tune(lab: Lab, wish: TuningWish): Promise<void> {
  const { bridge, sourceId, store } = lab;
  const id = `tuning-${crypto.randomUUID()}`;
  const update = (change: Partial<Tuning>) =>
    store.setState(({ tuning }) => (tuning?.id === id ? { tuning: { ...tuning, ...change } } : {}));
  store.setState({ tuning: { id, state: 'running', evaluated: 0, of: null, result: null, fault: null } });
  const stop = bridge.on('vadLab.tuning', ({ evaluated, of, tuningId }) => {
    if (tuningId === id) update({ evaluated, of });
  });
  try {
    const result = await bridge.invoke('vadLab.tune', {
      ...{ tuningId: id, sourceId, seed: SEED, cost: store.getState().cost },
      ...wish,
    });
    update({ state: 'done', result });
  } catch (thrown) {
    const fault = faultOf(thrown);
    if (fault.code === 'cancelled') update({ state: 'cancelled' });
    else update({ state: 'failed', fault });
  } finally {
    stop();
  }
}

export function cancelTuning(lab: Lab, id: string): void {
  void lab.attempt(() => lab.bridge.invoke('vadLab.cancel', { id }));
}
