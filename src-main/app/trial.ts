/** What a Test button is told: whether it worked, in how much time, and in a sentence what came of it. */
import type { FaultView } from '../../src-preload/contract.ts';
import { type FaultStage, reportFault, toFault } from '../fault.ts';

export interface Trial {
  readonly ok: boolean;
  readonly elapsedMs: number;
  readonly detail: string;
  readonly error: FaultView | null;
}

/** @param stage to which an error belongs that does not say so itself */
export async function trial(work: () => Promise<string>, stage?: FaultStage): Promise<Trial> {
  const startedAt = performance.now();
  const elapsedMs = () => Math.round(performance.now() - startedAt);
  try {
    const detail = await work();
    return { ok: true, elapsedMs: elapsedMs(), detail, error: null };
  } catch (thrown) {
    const fault = toFault(thrown, stage);
    return { ok: false, elapsedMs: elapsedMs(), detail: fault.message, error: reportFault(fault) };
  }
}
