/** The thread of a workbench. */
import { parentPort, workerData } from 'node:worker_threads';
import { type FaultReport, reportFault, toFault } from '../fault.ts';
import type { Recording } from './recordings.ts';
import { Workbench } from './workbench.ts';

export interface WorkbenchTask {
  readonly id: number;
  readonly method: 'setLabels' | 'segment' | 'score' | 'curves' | 'compare' | 'report';
  readonly values: readonly unknown[];
}

export type WorkbenchAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly fault: FaultReport };

const bench = new Workbench(workerData as Recording[]);
const port = parentPort;
port?.on('message', async ({ id, method, values }: WorkbenchTask) => {
  const answer = (message: WorkbenchAnswer) => port.postMessage(message);
  try {
    const work = bench[method] as (...given: readonly unknown[]) => unknown;
    answer({ id, result: await work.call(bench, ...values) });
  } catch (thrown) {
    answer({ id, fault: reportFault(toFault(thrown)) });
  }
});
