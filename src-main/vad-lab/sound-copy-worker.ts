/** The thread in which a recording is decoded for the window. */
import { parentPort, workerData } from 'node:worker_threads';
import { type FaultReport, reportFault, toFault } from '../fault.ts';
import { copySound, type SoundCopyTask } from './sound-copy.ts';

export interface SoundCopyOutcome {
  /** null when all went well. */
  readonly fault: FaultReport | null;
}

const tell = (outcome: SoundCopyOutcome) => parentPort?.postMessage(outcome);
await copySound(workerData as SoundCopyTask).then(
  () => tell({ fault: null }),
  (thrown: unknown) => tell({ fault: reportFault(toFault(thrown)) }),
);
